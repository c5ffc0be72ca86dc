/** When an intake counts as failed (A1). All durations in ms. */
export interface HeartbeatPolicy {
  /** A mailbox that is away for so long, or a port that is lost, is reported. */
  readonly disconnectedAfterMs: number;
  /** Within what time each mailbox (`imap:NAME`) or listener (`smtp`, `http`) is expected to bring something. */
  readonly expectWithinMs: ReadonlyMap<string, number>;
  /** A mail that the bot sends to its own mailbox; null: none. */
  readonly probe: ProbePolicy | null;
}

export interface ProbePolicy {
  readonly everyMs: number;
  /** How long it may take to come back. */
  readonly withinMs: number;
  readonly relay: { readonly host: string; readonly port: number };
  readonly from: string;
  readonly to: string;
}

/** The header by which the door knows a probe mail; its value is the probe's token. */
export const probeHeader = 'x-restage-probe';

/** The probe mail's way, as an intake of its own. */
export const probeIntake = 'probe';

/** What an incident is about. */
export type IncidentReason =
  | 'silent'
  | 'disconnected'
  | 'listener-failed'
  | 'probe-lost'
  | 'stuck'
  | 'not-counting'
  | 'clicks-blocked';

/** What an intake brings in, as an incident of its own beside the intake's connection. */
export const workOf = (intake: string): string => `work:${intake}`;

/** The counting of alerts, among the incidents and the checks. */
export const countingWork = 'counting';

/** Clicks and commands from Slack, among the incidents. */
export const clicksIntake = 'clicks';

/** Sends the probe mail. Resolves once the relay has taken it. */
export interface ProbeMailer {
  send(policy: ProbePolicy, token: string): Promise<void>;
}
