import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evidenceKinds } from '../../src/domain/evidence.ts';
import type { SeenSymptom } from '../../src/domain/symptom.ts';
import { wantedEvidence } from '../../src/ticket/closing-evidence.ts';
import { judgeSymptom } from '../../src/ticket/judge-symptom.ts';

const lastAt = new Date('2026-11-23T12:00:00Z');
const later = (ms: number) => new Date(lastAt.getTime() + ms);
const hour = 3_600_000;
const situation = { wasSilent: true, pingQuietMs: 2 * hour, repairQuietMs: 2 * hour };

const symptoms: fc.Arbitrary<SeenSymptom> = fc.record({
  ticketId: fc.constant(12),
  device: fc.constant('int-58'),
  recipient: fc.option(fc.constant('client-1')),
  failure: fc.constantFrom('connection', 'package', 'access'),
  package: fc.option(fc.constant('geo-db')),
  job: fc.option(fc.constant('j1')),
  service: fc.option(fc.constant('disk')),
  series: fc.constant(null),
  firstAt: fc.constant(lastAt),
  lastAt: fc.constant(lastAt),
  longestGapMs: fc.integer({ min: 0, max: 24 * hour }),
  occurrences: fc.constant(3),
});

/** Evidence that names all that the symptom names. */
function evidenceOf(symptom: SeenSymptom, kind: (typeof evidenceKinds)[number]) {
  const { device, recipient, failure, package: name, job, service } = symptom;
  const named = { device, recipient, failure, package: name, job, service };
  return { kind, at: later(1), origin: 'x', ticketId: null, series: null, ...named };
}

test('what is listed ends the symptom as soon as the silence that it asks for is over, and not before', () => {
  fc.assert(
    fc.property(symptoms, (symptom) => {
      for (const { kind, quietMs } of wantedEvidence(symptom, situation)) {
        const evidence = [evidenceOf(symptom, kind)];
        const judge = (ms: number) => judgeSymptom(symptom, evidence, later(1 + ms), 2 * hour).state;
        expect([kind, judge(Math.ceil(quietMs ?? 0))]).not.toEqual([kind, 'failing']);
        if (kind === 'repaired') expect(judge(Math.ceil(quietMs ?? 0) - 1)).toBe('failing');
      }
    }),
  );
});

test('what is not listed, and what the inventory or a dismissal does not say, ends nothing', () => {
  fc.assert(
    fc.property(symptoms, (symptom) => {
      const listed = new Set(wantedEvidence(symptom, situation).map(({ kind }) => kind));
      const others = evidenceKinds.filter(
        (kind) => !listed.has(kind) && kind !== 'device-left' && kind !== 'dismissed',
      );
      const states = others.map(
        (kind) => judgeSymptom(symptom, [evidenceOf(symptom, kind)], later(100 * hour), 2 * hour).state,
      );
      expect([others, states]).toEqual([others, others.map(() => 'failing')]);
    }),
  );
});

test('a ping is listed only where one had failed when the ticket opened', () => {
  const symptom = { failure: 'connection', package: null, job: null, longestGapMs: 0 } as SeenSymptom;
  const kinds = (wasSilent: boolean) =>
    wantedEvidence(symptom, { ...situation, wasSilent }).map(({ kind }) => kind);
  expect(kinds(true)).toEqual(['word', 'answers', 'repaired', 'dropped']);
  expect(kinds(false)).toEqual(['word', 'repaired', 'dropped']);
});
