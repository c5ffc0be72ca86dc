import { type Evidence, type EvidenceKind, evidenceKinds } from '../domain/evidence.ts';
import type { JudgedSymptom, SeenSymptom, SymptomState } from '../domain/symptom.ts';

const stateAfter: Readonly<Record<EvidenceKind, SymptomState>> = {
  word: 'cleared',
  success: 'cleared',
  'newer-version': 'cleared',
  answers: 'cleared',
  repaired: 'cleared',
  'device-left': 'withdrawn',
  dismissed: 'withdrawn',
  dropped: 'withdrawn',
};

/** How much longer than the longest gap between its occurrences a symptom must be silent to be quiet. */
const gapFactor = 1.5;

/** Returns how long a symptom must be silent to be quiet, in ms: what comes every night is not quiet at noon. */
export function quietTimeOf({ longestGapMs }: Pick<SeenSymptom, 'longestGapMs'>, quietMs: number): number {
  return Math.max(quietMs, gapFactor * longestGapMs);
}

/**
 * Judges a symptom by all evidence there is (A17): the earliest that is younger than the last word of the failure and of
 * a kind that this symptom asks for. On equal times the failure wins. Neither the order of the evidence nor that of the
 * alerts matters.
 */
export function judgeSymptom(
  symptom: SeenSymptom,
  evidence: readonly Evidence[],
  now: Date,
  quietMs: number,
): JudgedSymptom {
  const telling = evidence.filter((one) => one.at > symptom.lastAt && tellsOf(one, symptom));
  const isQuiet = ({ at }: Evidence) => now.getTime() - at.getTime() >= quietTimeOf(symptom, quietMs);
  // A person's word is believed once nothing has failed since for as long.
  const counting = telling.filter((one) => one.kind !== 'repaired' || isQuiet(one));
  const [first] = counting.toSorted(
    (a, b) => a.at.getTime() - b.at.getTime() || rankOf(a) - rankOf(b) || (a.origin < b.origin ? -1 : 1),
  );
  return { ...symptom, state: first ? stateAfter[first.kind] : 'failing', evidence: first ?? null };
}

/** Returns whether evidence shows a recovery, rather than that nobody waits for one. */
export function clears({ kind }: Pick<Evidence, 'kind'>): boolean {
  return stateAfter[kind] === 'cleared';
}

function rankOf({ kind }: Evidence): number {
  return evidenceKinds.indexOf(kind);
}

/** Returns whether evidence is about this symptom, and of a kind that can end it. */
export function tellsOf(evidence: Evidence, symptom: SeenSymptom): boolean {
  const { ticketId, device, recipient } = evidence;
  if (ticketId !== null && ticketId !== symptom.ticketId) return false;
  if (evidence.kind === 'success' || evidence.kind === 'newer-version') return isMended(evidence, symptom);
  if (evidence.kind === 'answers' && symptom.failure !== 'connection') return false;
  // A person chose this very symptom: what it does not name stands for nothing else.
  if (evidence.kind === 'dropped' && device !== null) return isSame(evidence, symptom);
  if (!isMeant(device, symptom.device)) return false;
  if (evidence.series !== null && symptom.series !== null) return evidence.series === symptom.series;
  return (
    isMeant(recipient, symptom.recipient ?? symptom.device) &&
    isMeant(evidence.failure, symptom.failure) &&
    isMeant(evidence.package, symptom.package) &&
    isMeant(evidence.job, symptom.job) &&
    isMeant(evidence.service, symptom.service)
  );
}

/** Whether a job or a package that has reached a recipient is what the symptom says has failed there. */
function isMended(evidence: Evidence, symptom: SeenSymptom): boolean {
  if (!isMeant(evidence.recipient ?? evidence.device, symptom.recipient ?? symptom.device)) return false;
  const isNewer = evidence.kind === 'newer-version';
  if (isNewer && symptom.failure === 'connection') return false;
  const isPackage = evidence.package !== null && isMeant(evidence.package, symptom.package);
  const isJob = evidence.job !== null && isMeant(evidence.job, symptom.job);
  if (symptom.job === null || isNewer) return isPackage;
  return isJob && (symptom.package === null || evidence.package === null || isPackage);
}

function isSame(evidence: Evidence, symptom: SeenSymptom): boolean {
  const names = ['device', 'recipient', 'failure', 'package', 'job', 'service', 'series'] as const;
  return names.every((name) => evidence[name]?.toLowerCase() === symptom[name]?.toLowerCase());
}

function isMeant(limit: string | null, name: string | null): boolean {
  return limit === null || (name !== null && limit.toLowerCase() === name.toLowerCase());
}
