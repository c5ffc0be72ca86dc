import type { EvidenceKind } from '../domain/evidence.ts';
import type { JudgedSymptom } from '../domain/symptom.ts';
import { clampText } from './clamp-text.ts';
import { evidenceWords } from './closing.ts';
import { codeSpan, escapeText } from './escape.ts';
import { failureName } from './ticket-fields.ts';
import { countOf, showDuration, showTime } from './wording.ts';

interface Wanted {
  readonly kind: EvidenceKind;
  /** How long nothing may fail before it counts, in ms; `null` if it counts at once. */
  readonly quietMs: number | null;
}

const wantedWords: Readonly<Record<EvidenceKind, string>> = {
  word: 'word of recovery that names it',
  success: 'a later success of the same job there',
  'newer-version': 'a newer version that is delivered',
  answers: 'a ping that is answered',
  repaired: '*Repaired*',
  'device-left': 'the device leaves the inventory',
  dismissed: 'its job is dismissed',
  dropped: '*Drop …*',
};

/** What fails still: since when, how often, and what would end it. */
export function describeFailing(symptom: JudgedSymptom, wanted: readonly Wanted[], timeZone: string): string {
  const { firstAt, lastAt, occurrences, longestGapMs } = symptom;
  const ends = wanted.map(
    ({ kind, quietMs }) =>
      `${wantedWords[kind]}${quietMs === null ? '' : ` after ${showDuration(quietMs)} without a failure`}`,
  );
  const often = occurrences > 1 ? `, ${occurrences} times, at most ${showDuration(longestGapMs)} apart` : '';
  const since = `since ${showTime(firstAt, timeZone)}, last ${showTime(lastAt, timeZone)}${often}`;
  return `:red_circle: ${nameSymptom(symptom)}: ${since}. It ends by ${ends.join(', or ')}.`;
}

/** What is over, and what shows that. */
export function describeOver(symptom: JudgedSymptom, timeZone: string): string {
  const { evidence, state } = symptom;
  const why = evidence
    ? `${evidenceWords[evidence.kind]}, ${showTime(evidence.at, timeZone)} (${escapeText(clampText(evidence.origin, 60))})`
    : state;
  return `:white_check_mark: ${nameSymptom(symptom)}: ${why}`;
}

/** `int-58 → client-1 failed package, package geo-db, job J1`. */
export function nameSymptom(
  symptom: Pick<JudgedSymptom, 'device' | 'recipient' | 'failure' | 'package' | 'job' | 'service'>,
): string {
  const { device, recipient, failure, package: pack, job, service } = symptom;
  const to = recipient === null ? '' : ` → ${codeSpan(clampText(recipient, 60))}`;
  const named = [
    ['package', pack],
    ['job', job],
    ['service', service],
  ].flatMap(([label, value]) => (value ? [`, ${label} ${codeSpan(clampText(value, 60))}`] : []));
  return `${codeSpan(clampText(device, 60))}${to} ${escapeText(clampText(failureName(failure), 60))}${named.join('')}`;
}

/** `2 of 3 symptoms still fail`. */
export function describeStanding(symptoms: readonly JudgedSymptom[]): string {
  const failing = symptoms.filter(({ state }) => state === 'failing').length;
  if (symptoms.length === 0) return 'None of its alerts counts any more.';
  if (failing === 0) return 'None of its symptoms fails any more.';
  return `${failing} of ${countOf(symptoms.length, 'symptom')} still ${failing === 1 ? 'fails' : 'fail'}.`;
}
