import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideWatch } from '../../src/diagnosis/decide-watch.ts';
import type { Sight, WatchState } from '../../src/domain/watch.ts';

const minuteMs = 60_000;
const policy = { stableMs: 10 * minuteMs, everyMs: minuteMs, longestMs: 30 * minuteMs, ports: [] };
const now = new Date('2026-11-23T12:00:00Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * minuteMs);
const unseen: WatchState = { watchedSince: ago(60), downSince: null, upSince: null, relapses: 0 };
const down: WatchState = { ...unseen, downSince: ago(60) };
const inMinutes = (at: Date) => (at.getTime() - now.getTime()) / minuteMs;

describe('B2: what a look at something that may come back means', () => {
  it.each<[string, Sight, WatchState, string, string | null, number]>([
    ['was never down', 'up', unseen, 'never-down', null, 15],
    ['goes down', 'down', unseen, 'down', null, 1],
    ['is still down', 'down', down, 'down', null, 15],
    ['has been down for a day', 'down', { ...down, downSince: ago(1440) }, 'down', null, 30],
    ['comes up', 'up', down, 'came-up', null, 1],
    ['is up for 9 minutes', 'up', { ...down, upSince: ago(9.5) }, 'not-stable-yet', null, 0.5],
    ['is up for 10 minutes', 'up', { ...down, upSince: ago(10) }, 'stable', 'recovered', 1],
    ['goes down again', 'down', { ...down, upSince: ago(9) }, 'relapsed', null, 1],
    ['does so twice', 'down', { ...down, upSince: ago(9), relapses: 1 }, 'relapsed', 'flapping', 1],
    ['does so once more', 'down', { ...down, upSince: ago(9), relapses: 2 }, 'relapsed', null, 1],
    ['is cut off by its link', 'cut-off', { ...down, upSince: ago(9), relapses: 1 }, 'cut-off', null, 15],
    ['can not be seen by us', 'unknown', { ...down, upSince: ago(9) }, 'not-seen', null, 1],
  ])('one that %s', (_what, sight, state, reason, event, minutes) => {
    const decision = decideWatch(state, sight, now, policy);
    expect(decision).toMatchObject({ reason, event });
    expect(inMinutes(decision.lookAt)).toBe(minutes);
  });

  it('begins again with a relapse, and as new after a recovery', () => {
    const relapsed = decideWatch({ ...down, upSince: ago(9) }, 'down', now, policy).state;
    expect(relapsed).toMatchObject({ upSince: null, relapses: 1, downSince: ago(60) });
    const recovered = decideWatch({ ...down, upSince: ago(10), relapses: 3 }, 'up', now, policy).state;
    expect(recovered).toEqual({ watchedSince: now, downSince: null, upSince: null, relapses: 0 });
  });

  it('whatever it does, it recovers once each time that it was down, and only after answering all the while', () => {
    const sights = fc.array(fc.constantFrom<Sight>('up', 'up', 'up', 'down', 'cut-off', 'unknown'), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(sights, (seen) => {
        let state: WatchState = { ...unseen, watchedSince: now };
        let wasDown = false;
        let upFor = -1;
        for (const [minute, sight] of seen.entries()) {
          if (sight === 'down' || sight === 'cut-off') [wasDown, upFor] = [true, -1];
          else if (sight === 'up' || upFor >= 0) upFor += 1;
          const at = new Date(now.getTime() + minute * minuteMs);
          const decision = decideWatch(state, sight, at, policy);
          const isBack = wasDown && sight === 'up' && upFor >= 10;
          expect(decision.event === 'recovered').toBe(isBack);
          if (isBack) wasDown = false;
          if (!wasDown) upFor = -1;
          expect(decision.lookAt > at).toBe(true);
          state = decision.state;
        }
      }),
    );
  });
});
