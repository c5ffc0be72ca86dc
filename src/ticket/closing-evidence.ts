import type { EvidenceKind } from '../domain/evidence.ts';
import type { SeenSymptom } from '../domain/symptom.ts';
import { quietTimeOf } from './judge-symptom.ts';

/** Something that would end a symptom if it came now. */
export interface WantedEvidence {
  readonly kind: EvidenceKind;
  /** How long nothing may fail before it counts, in ms; `null` if it counts at once. */
  readonly quietMs: number | null;
}

export interface WantedSituation {
  /** A ping of its device had failed when its ticket opened. */
  readonly wasSilent: boolean;
  /** Least silence after which a ping can clear a connection symptom; `null` if no ping does. */
  readonly pingQuietMs: number | null;
  /** Least silence after which a person's word of a repair is believed. */
  readonly repairQuietMs: number;
}

/** Lists what would end a symptom (A17), by the rules of `judgeSymptom` and `decideClosing`. */
export function wantedEvidence(
  symptom: SeenSymptom,
  { wasSilent, pingQuietMs, repairQuietMs }: WantedSituation,
): readonly WantedEvidence[] {
  const { failure, package: pack, job } = symptom;
  const isProbed = failure === 'connection' && wasSilent && pingQuietMs !== null;
  const wanted: readonly (WantedEvidence | false)[] = [
    { kind: 'word', quietMs: null },
    (job !== null || pack !== null) && { kind: 'success', quietMs: null },
    failure !== 'connection' && pack !== null && { kind: 'newer-version', quietMs: null },
    isProbed && { kind: 'answers', quietMs: quietTimeOf(symptom, pingQuietMs) },
    { kind: 'repaired', quietMs: quietTimeOf(symptom, repairQuietMs) },
    { kind: 'dropped', quietMs: null },
  ];
  return wanted.filter((one) => one !== false);
}
