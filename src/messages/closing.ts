import type { EvidenceKind } from '../domain/evidence.ts';
import type { JudgedSymptom } from '../domain/symptom.ts';
import { clampText } from './clamp-text.ts';
import { escapeText } from './escape.ts';
import { failureName } from './ticket-fields.ts';
import { countOf, showDuration } from './wording.ts';

export const evidenceWords: Readonly<Record<EvidenceKind, string>> = {
  word: 'word of recovery came',
  success: 'the same job has succeeded since',
  'newer-version': 'a newer version was delivered',
  answers: 'the device answers again',
  repaired: 'a person repaired it, and nothing has failed since',
  'device-left': 'the device has left the inventory',
  dismissed: 'its job was dismissed',
  dropped: 'a person dropped it',
};

/** Says in a sentence or two why a ticket closes by itself. */
export function describeClosing(reason: string, symptoms: readonly JudgedSymptom[], now: Date): string {
  if (reason === 'quiet-not-known-to-be-repaired') return `${describeQuiet(symptoms, now)}.`;
  const kinds = [...new Set(symptoms.flatMap(({ evidence }) => evidence?.kind ?? []))];
  const why = kinds.map((kind) => evidenceWords[kind]).join('; ');
  const quiet = kinds.includes('answers') ? `No alert came for ${quietFor(symptoms, now)}. ` : '';
  const all = symptoms.length > 1 ? `Nothing is left of ${countOf(symptoms.length, 'symptom')}: ` : '';
  const sentence = `${all}${why}.`;
  return `${quiet}${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}

/** `quiet for 3 days, not known to be repaired`. */
function describeQuiet(symptoms: readonly JudgedSymptom[], now: Date): string {
  return `Quiet for ${quietFor(symptoms, now)}, not known to be repaired`;
}

function quietFor(symptoms: readonly JudgedSymptom[], now: Date): string {
  const last = Math.max(...symptoms.map(({ lastAt }) => lastAt.getTime()));
  return showDuration(now.getTime() - last);
}

/** `3 of 4 still failing`, or since when all are quiet; empty while a single symptom fails. */
export function describeLeft(symptoms: readonly JudgedSymptom[], now: Date): string {
  const left = symptoms.filter(({ state }) => state === 'failing');
  if (left.length === 0) return '';
  const last = Math.max(...left.map(({ lastAt }) => lastAt.getTime()));
  const isQuiet = now.getTime() - last >= quietShownAfterMs;
  const parts = left.length < symptoms.length ? [`${left.length} of ${symptoms.length} still failing`] : [];
  return [...parts, ...(isQuiet ? [describeQuiet(left, now).toLowerCase()] : [])].join(' · ');
}

/** Names what still fails where a part of it is over: `*Still failing*  geo-db (J1), maps (J1)`; else empty. */
export function describeStillFailing(symptoms: readonly JudgedSymptom[]): string {
  const left = symptoms.filter(({ state }) => state === 'failing');
  if (left.length === 0 || left.length === symptoms.length) return '';
  const names = [...new Set(left.map(nameOf))];
  const more = names.length > stillFailingShown ? ` and ${names.length - stillFailingShown} more` : '';
  const shown = names.slice(0, stillFailingShown).map((name) => escapeText(clampText(name, 100)));
  return `*Still failing*  ${shown.join(', ')}${more}`;
}

function nameOf({ device, recipient, failure, ...symptom }: JudgedSymptom): string {
  const what = symptom.service ?? symptom.package ?? symptom.job ?? failureName(failure);
  return `${what} at ${recipient ?? device}`;
}

const stillFailingShown = 5;

/** A silence of a night says nothing yet. */
const quietShownAfterMs = 86_400_000;
