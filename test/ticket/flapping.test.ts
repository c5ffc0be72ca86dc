import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evidenceOfTicket } from '../../src/domain/evidence.ts';
import type { JudgedSymptom } from '../../src/domain/symptom.ts';
import { countFlaps } from '../../src/ticket/count-flaps.ts';
import { decideClosing } from '../../src/ticket/decide-closing.ts';

const minute = 60_000;
const hour = 60 * minute;
const now = new Date('2026-11-23T12:00:00Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * minute);
const day = new Date(now.getTime() - 24 * hour);

describe('what comes and goes', () => {
  it.each<[string, readonly number[], readonly number[], number]>([
    ['nothing that fails on', [50, 40, 30], [], 0],
    ['each recovery after a failure', [60, 40, 20], [50, 30, 10], 3],
    ['a recovery once, however often it is told', [60], [50, 49, 48], 1],
    ['no recovery at the time of the failure', [60, 40], [60, 40], 1],
    ['no recovery before the first failure', [30], [50], 0],
    ['no recovery of the day before', [26 * 60, 60], [25 * 60, 50], 1],
    ['a recovery of today from a failure of the day before', [25 * 60, 60], [23 * 60, 50], 2],
  ])('counts %s', (_, failed, recovered, flaps) => {
    expect(countFlaps(failed.map(ago), recovered.map(ago), day, now)).toBe(flaps);
  });

  it('is counted the same in whatever order its failures and recoveries are known', () => {
    const times = fc.array(
      fc.integer({ min: 0, max: 30 }).map((n) => ago(n * 60)),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(times, times, (failed, recovered) => {
        const flaps = countFlaps(failed, recovered, day, now);
        expect(countFlaps(failed.toReversed(), [...recovered.toReversed(), ...recovered], day, now)).toBe(
          flaps,
        );
        expect(flaps).toBeLessThanOrEqual(new Set(recovered.map((at) => at.getTime())).size);
      }),
      { numRuns: 100 },
    );
  });

  const symptom: JudgedSymptom = {
    ...{ ticketId: 1, device: 'int-58', recipient: null, failure: 'package', package: 'geo-db', job: null },
    ...{ service: null, series: null, firstAt: ago(600), lastAt: ago(100), longestGapMs: 0, occurrences: 3 },
    state: 'cleared',
    evidence: evidenceOfTicket(1, 'word', ago(90), 'mail 7'),
  };
  const dropped = { state: 'withdrawn', evidence: evidenceOfTicket(1, 'dropped', ago(90), 'U0ANA') } as const;
  it.each<[string, Partial<JudgedSymptom>, number | null, string, Date | null]>([
    ['closes at once if it does not come and go', {}, null, 'recovery-mail', null],
    ['stays open until it was quiet for so long', {}, 2 * hour, 'comes-and-goes', ago(-20)],
    ['closes once it was quiet for so long', {}, 100 * minute, 'recovery-mail', null],
    ['closes at once where nobody waits for it', dropped, 2 * hour, 'withdrawn', null],
  ])('%s', (_, changes, settleMs, reason, askAgainAt) => {
    const symptoms = [{ ...symptom, ...changes }];
    const situation = {
      symptoms,
      openedAt: ago(600),
      silentAtOpening: new Set<number>(),
      isRepaired: false,
      settleMs,
    };
    const decision = decideClosing(situation, now, { quietMs: 2 * hour, closeQuietAfterMs: null });
    expect(decision).toMatchObject({ close: askAgainAt === null, reason });
    if (!decision.close) expect(decision.askAgainAt).toEqual(askAgainAt);
  });
});
