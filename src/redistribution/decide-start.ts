import { isTimeUp } from '../domain/time-up.ts';
import type { CommandTemplate, RebuiltCommand } from '../domain/redistribution.ts';
import { matchTemplate } from './template.ts';

/** What was approved, and what holds now. */
export interface StartCheck {
  readonly command: Pick<RebuiltCommand, 'argv' | 'cwd'>;
  readonly decidedAt: Date;
  /** How long an approval is good for. */
  readonly expiresAfterMs: number;
  /** The templates of its server now; null: the config has no such server any more. */
  readonly templates: readonly CommandTemplate[] | null;
}

export type StartDecision =
  | { readonly mayStart: true }
  | { readonly mayStart: false; readonly reason: string };

/** Whether an approved command may still be started (B10): not long after the approval, and not against the config. */
export function decideStart(check: StartCheck, now: Date): StartDecision {
  const { command, decidedAt, expiresAfterMs, templates } = check;
  if (templates === null) return refuse('the config does not name its server any more');
  if (isTimeUp(new Date(decidedAt.getTime() + expiresAfterMs), now, expiresAfterMs)) {
    return refuse('its approval is too old; ask for the redistribution again');
  }
  const match = matchTemplate(command, templates);
  return match.allowed ? { mayStart: true } : refuse(`${match.reason} any more`);
}

function refuse(reason: string): StartDecision {
  return { mayStart: false, reason };
}
