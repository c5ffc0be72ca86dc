import type { Diagnosis } from '../domain/diagnosis.ts';
import type { EvidenceKind } from '../domain/evidence.ts';
import type { JudgedSymptom } from '../domain/symptom.ts';
import { quietTimeOf } from './judge-symptom.ts';

/** What the decision looks at. */
export interface ClosingSituation {
  readonly symptoms: readonly JudgedSymptom[];
  readonly openedAt: Date | null;
  /** Of the ticket and those that share its message, the ones that opened while a ping of their device had failed. */
  readonly silentAtOpening: ReadonlySet<number>;
  /** Somebody said that it is repaired, which is believed after some quiet. */
  readonly isRepaired: boolean;
  /** It comes and goes, and is over after so long a silence; in ms, `null` if it does not. */
  readonly settleMs?: number | null;
}

export interface ClosingPolicy {
  /** Least silence after which a ping can clear a connection symptom; `null` if no ping does. */
  readonly quietMs: number | null;
  /** Silence after which a ticket closes without evidence; `null` for never. */
  readonly closeQuietAfterMs: number | null;
}

/** A stable word for why a ticket closes, by the evidence that came last. */
const closingReasons = {
  word: 'recovery-mail',
  success: 'later-success',
  'newer-version': 'newer-version-delivered',
  answers: 'quiet-and-answering',
  repaired: 'repaired-and-quiet',
  'device-left': 'withdrawn',
  dismissed: 'withdrawn',
  dropped: 'withdrawn',
} as const satisfies Readonly<Record<EvidenceKind, string>>;

export type ClosingReason = (typeof closingReasons)[EvidenceKind] | 'quiet-not-known-to-be-repaired';

export type ClosingDecision =
  | { readonly close: true; readonly reason: ClosingReason }
  | {
      readonly close: false;
      readonly reason: 'still-failing' | 'no-symptom' | 'ask-the-device' | 'comes-and-goes';
      readonly left: readonly JudgedSymptom[];
      /** What a ping that is answered now would clear; empty unless the reason is `ask-the-device`. */
      readonly toProbe: readonly JudgedSymptom[];
      /** When time alone may change the decision; `null`: never. */
      readonly askAgainAt: Date | null;
    };

/**
 * Decides whether a ticket is over (A17): when none of its symptoms fails. Silence alone ends nothing, unless the site
 * wants that; and a ping can end only what a ping had shown when the ticket opened. What comes and goes is over once it has
 * been quiet as well.
 */
export function decideClosing(
  situation: ClosingSituation,
  now: Date,
  { quietMs, closeQuietAfterMs }: ClosingPolicy,
): ClosingDecision {
  const { symptoms, openedAt } = situation;
  const left = symptoms.filter(({ state }) => state === 'failing');
  const last = left.length === 0 ? latestKind(symptoms) : null;
  const settledAt = settlesAt(situation);
  if (last !== null && settledAt > now)
    return { close: false, reason: 'comes-and-goes', left, toProbe: [], askAgainAt: settledAt };
  if (last !== null) return { close: true, reason: closingReasons[last] };
  const isProbed = ({ failure, ticketId }: JudgedSymptom) =>
    quietMs !== null && failure === 'connection' && situation.silentAtOpening.has(ticketId);
  const quietAt = (symptom: JudgedSymptom, leastMs: number) =>
    new Date(Math.max(symptom.lastAt.getTime(), openedAt?.getTime() ?? 0) + quietTimeOf(symptom, leastMs));
  const probes = left.filter(isProbed).map((symptom) => ({ symptom, at: quietAt(symptom, quietMs ?? 0) }));
  const toProbe = probes.filter(({ at }) => at <= now).map(({ symptom }) => symptom);
  const ends = closeQuietAfterMs === null ? [] : left.map((one) => quietAt(one, closeQuietAfterMs));
  if (ends.length > 0 && toProbe.length === 0 && ends.every((at) => at <= now))
    return { close: true, reason: 'quiet-not-known-to-be-repaired' };
  const ahead = [...probes.map(({ at }) => at), ...ends].filter((at) => at > now);
  const mayChange = quietMs !== null && (toProbe.length > 0 || situation.isRepaired);
  const next = [...ahead, ...(mayChange ? [new Date(now.getTime() + quietMs)] : [])];
  const reason =
    symptoms.length === 0 ? 'no-symptom' : toProbe.length > 0 ? 'ask-the-device' : 'still-failing';
  return { close: false, reason, left, toProbe, askAgainAt: earliest(next) };
}

/** A firewall in between, or a device that never answers, is not seen by our ping: it proves nothing about them. */
export function wasSilent(diagnosis: Diagnosis | null): boolean {
  if (diagnosis === null || diagnosis.verdict === 'reachable') return false;
  const { sent, received } = diagnosis.evidence.target;
  return sent > 0 && received === 0;
}

/** What nobody waits for need not be quiet. */
function settlesAt({ symptoms, settleMs = null }: ClosingSituation): Date {
  const cleared = symptoms.filter(({ state }) => state === 'cleared');
  const last = Math.max(0, ...cleared.map(({ lastAt }) => lastAt.getTime()));
  return new Date(settleMs === null || cleared.length === 0 ? 0 : last + settleMs);
}

function latestKind(symptoms: readonly JudgedSymptom[]): EvidenceKind | null {
  const seen = symptoms.flatMap(({ evidence }) => evidence ?? []);
  return seen.toSorted((a, b) => b.at.getTime() - a.at.getTime())[0]?.kind ?? null;
}

function earliest(times: readonly Date[]): Date | null {
  return times.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
}
