import { describe, expect, it } from 'vitest';
import { createGroupLane, createTurns } from '../../../src/adapters/postgres/turns.ts';

/** Two lanes whose every transaction is written down as it was committed; the first one waits until it is let go. */
function startTurns() {
  const committed: string[][] = [];
  let begin: () => void = () => {};
  const isBegun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const runWith = async (work: (done: string[]) => Promise<unknown>) => {
    await isBegun;
    const done: string[] = [];
    await work(done);
    committed.push(done);
  };
  const lanes = { mail: createGroupLane(1, runWith), tickets: createGroupLane(3, runWith) };
  const serve = createTurns([lanes.mail, lanes.tickets]);
  const add = <T>(lane: keyof typeof lanes, work: (done: string[]) => Promise<T>) => {
    const result = lanes[lane].add(work);
    serve();
    return result;
  };
  const take = (lane: keyof typeof lanes, name: string) =>
    add(lane, async (done) => {
      done.push(name);
      return name;
    });
  return { add, take, committed, begin };
}

describe('works that wait for their turn', () => {
  it('run together in the order in which they came, as many as their lane allows, and each gets its own result', async () => {
    const { take, committed, begin } = startTurns();
    const first = take('mail', 'm1');
    const all = ['t1', 't2', 't3', 't4'].map((name) => take('tickets', name));
    begin();
    expect(await Promise.all([first, ...all])).toEqual(['m1', 't1', 't2', 't3', 't4']);
    expect(committed).toEqual([['m1'], ['t1', 't2', 't3'], ['t4']]);
  });

  it('take turns lane by lane: a flood of one does not hold up the other', async () => {
    const { take, committed, begin } = startTurns();
    const works = ['m1', 'm2', 'm3'].map((name) => take('mail', name));
    works.push(...['t1', 't2', 't3', 't4'].map((name) => take('tickets', name)));
    begin();
    await Promise.all(works);
    expect(committed).toEqual([['m1'], ['t1', 't2', 't3'], ['m2'], ['t4'], ['m3']]);
  });

  it('run anew each by itself where one of them fails, and only that one fails', async () => {
    const { add, take, committed, begin } = startTurns();
    const before = take('mail', 'm1');
    const good = take('tickets', 't1');
    const bad = add('tickets', async (done) => {
      done.push('bad');
      throw new Error('no such ticket');
    });
    const after = take('tickets', 't3');
    begin();
    await expect(bad).rejects.toThrow('no such ticket');
    expect(await Promise.all([before, good, after])).toEqual(['m1', 't1', 't3']);
    expect(committed).toEqual([['m1'], ['t1'], ['t3']]);
    expect(await take('mail', 'm2')).toBe('m2');
  });
});
