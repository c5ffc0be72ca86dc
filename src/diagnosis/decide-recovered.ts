import { recoveredWhileHeld } from '../domain/diagnosis.ts';
import { flapsThatTell } from '../domain/flapping.ts';

export interface HeldSituation {
  /** It was put off at least once. */
  readonly wasHeld: boolean;
  /** The last look, before this one, found its device silent. */
  readonly wasSilent: boolean;
  readonly answersNow: boolean;
  readonly isConnection: boolean;
  /** None of its symptoms fails any more. */
  readonly isCleared: boolean;
  /** How often the same problem recovered within the last day before it failed now. */
  readonly flapsBefore: number;
}

export type RecoveredDecision =
  | { readonly recovered: false }
  | { readonly recovered: true; readonly action: 'suppress'; readonly reason: typeof recoveredWhileHeld }
  | { readonly recovered: true; readonly action: 'ticket'; readonly reason: 'flapping' };

/**
 * Decides whether a held problem is over before anybody saw it (A11): no ticket comes of it, but the third within a day
 * makes one that says that it comes and goes.
 */
export function decideRecovered(held: HeldSituation): RecoveredDecision {
  const isBack = held.isConnection && held.wasSilent && held.answersNow;
  if (!held.wasHeld || !(isBack || held.isCleared)) return { recovered: false };
  return held.flapsBefore + 1 >= flapsThatTell
    ? { recovered: true, action: 'ticket', reason: 'flapping' }
    : { recovered: true, action: 'suppress', reason: recoveredWhileHeld };
}
