import { describe, expect, it } from 'vitest';
import { planProblems } from '../../src/month/plan-problems.ts';
import { problemKinds } from '../../src/month/problem.ts';
import { writeOthers, writeProblems } from '../../src/month/script.ts';

const problems = planProblems(1, 30);

describe('the plan of a month', () => {
  it('has at least twenty problems of each kind', () => {
    const counts = problemKinds.map((kind) => problems.filter((one) => one.kind === kind).length);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(20);
  });

  it('gives no device two problems at the same time', () => {
    const shared = problems.flatMap((one) =>
      problems.filter(
        (other) =>
          other.id > one.id &&
          other.from < one.until &&
          one.from < other.until &&
          other.devices.some((name) => one.devices.includes(name)),
      ),
    );
    expect(shared).toEqual([]);
  });

  it('is the same for the same seed, mails too', () => {
    const few = planProblems(3, 6, 1);
    const write = () => [...writeProblems(3, few), ...writeOthers(3, 6, few)].map(({ source }) => source);
    expect(planProblems(3, 6, 1)).toEqual(few);
    expect(write()).toEqual(write());
  });

  it('loses word of recovery as it loses any other mail', () => {
    const lost = [1, 2].flatMap((seed) =>
      planProblems(seed, 30).filter(({ wordLostAt }) => wordLostAt.length > 0),
    );
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.every(({ hasWord }) => hasWord)).toBe(true);
  });

  it('leaves about three in ten problems without word of recovery', () => {
    const without = problems.filter(({ hasWord }) => !hasWord).length / problems.length;
    expect(without).toBeGreaterThan(0.2);
    expect(without).toBeLessThan(0.4);
  });
});
