import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Evidence, evidenceKinds, evidenceOfTicket } from '../../src/domain/evidence.ts';
import type { SeenSymptom } from '../../src/domain/symptom.ts';
import { decideClosing, type ClosingPolicy } from '../../src/ticket/decide-closing.ts';
import { judgeSymptom } from '../../src/ticket/judge-symptom.ts';

const now = new Date('2026-11-23T12:00:00Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const hour = 3_600_000;
const twoHours = 2 * hour;

const symptom: SeenSymptom = {
  ticketId: 1,
  device: 'int-58',
  recipient: null,
  failure: 'package',
  package: 'geo-db',
  job: 'J1',
  service: null,
  series: null,
  firstAt: ago(300),
  lastAt: ago(200),
  longestGapMs: 0,
  occurrences: 3,
};
const word: Evidence = {
  ...evidenceOfTicket(1, 'word', ago(100), 'mail 7'),
  ticketId: null,
  device: 'int-58',
};
const evidence = (changes: Partial<Evidence>): Evidence => ({ ...word, ...changes });
const mended = { kind: 'success', package: 'geo-db', job: 'J1' } as const;
const newer = { kind: 'newer-version', package: 'geo-db', job: 'J2' } as const;

describe('A17: evidence clears the symptom that it names', () => {
  test.each<[string, Partial<SeenSymptom>, Partial<Evidence>, string]>([
    ['word of its device', {}, {}, 'cleared'],
    ['word of another device', {}, { device: 'int-59' }, 'failing'],
    ['word older than the last failure', {}, { at: ago(201) }, 'failing'],
    ['word of the very moment at which it failed last', {}, { at: ago(200) }, 'failing'],
    ['word of its failure', {}, { failure: 'Package' }, 'cleared'],
    ['word of another failure', {}, { failure: 'access' }, 'failing'],
    ['word of another package', {}, { package: 'maps' }, 'failing'],
    ['word of another job', {}, { job: 'J2' }, 'failing'],
    ['word of its service', { service: 'Disk' }, { service: 'disk' }, 'cleared'],
    ['word of another service', { service: 'Disk' }, { service: 'Mirror sync' }, 'failing'],
    ['word of a host, of its service', { service: 'Disk' }, { service: 'Host' }, 'failing'],
    ['word of a service where it names none', {}, { service: 'Disk' }, 'failing'],
    ['word of its series in other words', { series: 'f-1' }, { series: 'f-1', failure: 'access' }, 'cleared'],
    ['word of another series of its device', { series: 'f-1' }, { series: 'f-2' }, 'failing'],
    ['word for its recipient', { recipient: 'c-1' }, { recipient: 'c-1' }, 'cleared'],
    ['word for another recipient', { recipient: 'c-1' }, { recipient: 'c-2' }, 'failing'],
    ['a later success of the same job', {}, mended, 'cleared'],
    ['a later success of another job', {}, { ...mended, job: 'J2' }, 'failing'],
    ['a later success with another package', {}, { ...mended, package: 'maps' }, 'failing'],
    ['a later success at another recipient', {}, { ...mended, device: 'int-59' }, 'failing'],
    ['a later success, of an access failure', { failure: 'access' }, mended, 'cleared'],
    ['a later success, of a failure that names no job', { job: null }, mended, 'cleared'],
    ['a newer version', {}, newer, 'cleared'],
    ['a newer version of another package', {}, { ...newer, package: 'maps' }, 'failing'],
    ['a newer version, of a connection', { failure: 'connection' }, newer, 'failing'],
    ['a ping, of a connection', { failure: 'connection' }, { kind: 'answers' }, 'cleared'],
    ['a ping, of a package', {}, { kind: 'answers' }, 'failing'],
    ['a repair two hours ago', {}, { kind: 'repaired', at: ago(120) }, 'cleared'],
    ['a repair a minute less ago', {}, { kind: 'repaired', at: ago(119) }, 'failing'],
    [
      'a repair, of what fails nightly',
      { longestGapMs: 24 * hour },
      { kind: 'repaired', at: ago(120) },
      'failing',
    ],
    ['a device that left the inventory', {}, { kind: 'device-left' }, 'withdrawn'],
    ['a dismissed job', {}, { kind: 'dismissed', job: 'J1' }, 'withdrawn'],
    ['evidence about another ticket alone', {}, { kind: 'dropped', ticketId: 2 }, 'failing'],
  ])('%s', (_, seen, said, state) => {
    expect(judgeSymptom({ ...symptom, ...seen }, [evidence(said)], now, twoHours).state).toBe(state);
  });

  test('whatever the order of the evidence, the judgement is the same', () => {
    const name = fc.constantFrom(null, 'int-58', 'J1', 'geo-db');
    const some = fc.record({
      kind: fc.constantFrom(...evidenceKinds),
      at: fc.integer({ min: 0, max: 300 }).map(ago),
      device: fc.constantFrom(null, 'int-58', 'int-59'),
      package: name,
      job: name,
      origin: fc.constantFrom('a', 'b'),
    });
    const shuffled = fc
      .array(some, { maxLength: 6 })
      .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        const [one, two] = [list, other].map((each) =>
          judgeSymptom(symptom, each.map(evidence), now, twoHours),
        );
        expect([two?.state, two?.evidence?.at, two?.evidence?.kind]).toEqual([
          one?.state,
          one?.evidence?.at,
          one?.evidence?.kind,
        ]);
      }),
    );
  });
});

describe('A17: a ticket closes when none of its symptoms fails', () => {
  const policy: ClosingPolicy = { quietMs: twoHours, closeQuietAfterMs: null };
  const connection = { ...symptom, failure: 'connection' };
  const decide = (
    symptoms: readonly SeenSymptom[],
    said: readonly Evidence[],
    {
      silent = [],
      openedAgo = 300,
      isRepaired = false,
      ...changed
    }: Partial<ClosingPolicy> & { silent?: number[]; openedAgo?: number; isRepaired?: boolean } = {},
  ) => {
    const judged = symptoms.map((one) => judgeSymptom(one, said, now, twoHours));
    const silentAtOpening = new Set(silent);
    const situation = { symptoms: judged, openedAt: ago(openedAgo), silentAtOpening, isRepaired };
    return decideClosing(situation, now, { ...policy, ...changed });
  };
  const ofSeries = ['f-1', 'f-2', 'f-3', 'f-4'].map((series) => ({ ...symptom, series }));
  const over = (series: string) => evidence({ series });

  test('one of four that is resolved clears one', () => {
    expect(decide(ofSeries, [over('f-2')])).toMatchObject({
      close: false,
      reason: 'still-failing',
      left: [{ series: 'f-1' }, { series: 'f-3' }, { series: 'f-4' }],
    });
  });

  test('four that are resolved one by one close it', () => {
    expect(
      decide(
        ofSeries,
        ofSeries.map(({ series }) => over(series)),
      ),
    ).toEqual({
      close: true,
      reason: 'recovery-mail',
    });
  });

  test.each<[string, SeenSymptom, Parameters<typeof decide>[2], string]>([
    ['asks a device that was silent, after two hours', connection, { silent: [1] }, 'ask-the-device'],
    ['asks nobody after a failure while the ping was answered', connection, {}, 'still-failing'],
    ['asks nobody about a package', symptom, { silent: [1] }, 'still-failing'],
    ['asks nobody while pings decide nothing', connection, { silent: [1], quietMs: null }, 'still-failing'],
    ['waits until it was open for as long', connection, { silent: [1], openedAgo: 119 }, 'still-failing'],
    [
      'waits 1.5 times the longest pause',
      { ...connection, longestGapMs: 3 * hour },
      { silent: [1] },
      'still-failing',
    ],
    [
      'closes after the silence that the site wants',
      symptom,
      { closeQuietAfterMs: 3 * hour },
      'quiet-not-known-to-be-repaired',
    ],
    ['not a moment before', symptom, { closeQuietAfterMs: 4 * hour }, 'still-failing'],
  ])('%s', (_, one, changed, reason) => {
    const decision = decide([one], [], changed);
    expect(decision.reason).toBe(reason);
    if (!decision.close && decision.askAgainAt) expect(decision.askAgainAt > now).toBe(true);
  });

  test.each<[string, SeenSymptom, Parameters<typeof decide>[2], number | null]>([
    ['never, where only word can end it', symptom, {}, null],
    ['never, where the ping was answered when it opened', connection, {}, null],
    ['when it was open for as long', connection, { silent: [1], openedAgo: 60 }, 60],
    ['in two hours, where the device is asked now', connection, { silent: [1] }, 120],
    ['in two hours, where somebody said that it is repaired', symptom, { isRepaired: true }, 120],
    ['when the silence that the site wants is over', symptom, { closeQuietAfterMs: 4 * hour }, 40],
  ])('time alone may change the decision %s', (_, one, changed, inMinutes) => {
    const at = inMinutes === null ? null : ago(-inMinutes);
    expect(decide([one], [], changed)).toMatchObject({ close: false, askAgainAt: at });
  });

  test('without a symptom it stays', () => {
    expect(decide([], [])).toMatchObject({ close: false, reason: 'no-symptom' });
  });

  const chosen = { failure: 'package', package: 'geo-db', job: 'J1' };
  test('a person drops the very symptom that was chosen, and none that names more', () => {
    const { close } = decide([symptom], [evidence({ kind: 'dropped', ...chosen, package: null })]);
    expect(close).toBe(false);
  });

  test('what is withdrawn fails no more', () => {
    expect(decide([symptom], [evidence({ kind: 'dropped', ...chosen })])).toEqual({
      close: true,
      reason: 'withdrawn',
    });
  });
});
