import { describe, expect, it } from 'vitest';
import { judgeWork, stuckForMs, uncommittedForMs } from '../../src/heartbeat/judge-progress.ts';

const policy = { stuckAfterMs: 100 };
const now = new Date(1_000_000);
const ago = (ms: number) => new Date(now.getTime() - ms);

describe('work is stuck', () => {
  it.each([
    ['never, while there is none', { underWayMs: null, sinceSuccessMs: 500 }, null, null],
    ['not while it is young', { underWayMs: 100, sinceSuccessMs: null }, null, null],
    ['when it takes too long', { underWayMs: 101, sinceSuccessMs: null }, 101, 101],
    ['by itself, while other work is committed', { underWayMs: 500, sinceSuccessMs: 50 }, 500, null],
    ['when nothing was committed for too long', { underWayMs: 500, sinceSuccessMs: 300 }, 500, 300],
  ])('%s', (_when, work, stuck, uncommitted) => {
    expect(stuckForMs(work, policy)).toBe(stuck);
    expect(uncommittedForMs(work, policy)).toBe(uncommitted);
  });
});

describe('stuck work is told', () => {
  it.each([
    [
      'when no bot had success lately',
      { stuckForMs: 200, lastSuccessAt: ago(150), openedAt: null },
      'failed',
    ],
    ['when no bot ever had success', { stuckForMs: 200, lastSuccessAt: null, openedAt: null }, 'failed'],
    [
      'not while another bot has success',
      { stuckForMs: 200, lastSuccessAt: ago(50), openedAt: null },
      'undecided',
    ],
    ['as over after a success', { stuckForMs: null, lastSuccessAt: ago(10), openedAt: ago(20) }, 'well'],
    [
      'not as over by a bot that has nothing to do',
      { stuckForMs: null, lastSuccessAt: ago(30), openedAt: ago(20) },
      'undecided',
    ],
  ] as const)('%s', (_when, work, verdict) => {
    expect(judgeWork(work, 'stuck', policy, now).verdict).toBe(verdict);
  });

  it('with its reason and since when', () => {
    const work = { stuckForMs: 200, lastSuccessAt: null, openedAt: null };
    expect(judgeWork(work, 'not-counting', policy, now)).toEqual({
      verdict: 'failed',
      reason: 'not-counting',
      since: ago(200),
      detail: null,
    });
  });
});
