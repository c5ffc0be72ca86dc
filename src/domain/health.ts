/** What a check found; `unknown` is no failure. */
export type CheckState = 'ok' | 'failed' | 'unknown';

/** Why a check does not pass. The words are stable: probes and scripts may compare them. */
export type CheckReason =
  | 'starting'
  | 'event-loop-late'
  | 'thread-silent'
  | 'database-unavailable'
  | 'database-silent'
  | 'disconnected'
  | 'listener-failed'
  | 'stuck'
  | 'not-counting'
  | 'slack-unreachable'
  | 'clicks-blocked'
  | 'sockets-unsound'
  | 'sockets-full';

/** One check of the bot's health, as `/livez` and `/readyz` show it. */
export interface HealthCheck {
  /** Such as `database`, `intake imap:alerts`, `counting`. */
  readonly check: string;
  readonly state: CheckState;
  /** `null` if the check passes. */
  readonly reason: CheckReason | null;
  /** For people, without secrets; `null` if there is nothing to add. */
  readonly detail: string | null;
}

/** When work under way counts as stuck. */
export interface HealthPolicy {
  /** How long a batch or a mail may be under way, or counting may commit nothing while work waits, in ms. */
  readonly stuckAfterMs: number;
}

export function passes(check: string, detail: string | null = null): HealthCheck {
  return { check, state: 'ok', reason: null, detail };
}

export function fails(check: string, reason: CheckReason, detail: string | null = null): HealthCheck {
  return { check, state: 'failed', reason, detail };
}
