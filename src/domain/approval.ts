import type { Person } from './chat.ts';
import type { DailyHours } from './paging.ts';

/** Somebody: by user id, as a member of a Slack user group, or as a member of a channel (null: where the proposal stands). */
export type Who =
  | { readonly kind: 'user'; readonly userId: string }
  | { readonly kind: 'group'; readonly groupId: string }
  | { readonly kind: 'channel'; readonly channel: string | null };

/** Who may ask for commands to run again, and what it takes to approve them (B10). */
export interface ApprovalPolicy {
  /** Empty: everybody. */
  readonly requesters: readonly Who[];
  /** Empty: everybody in the channel. */
  readonly approvers: readonly Who[];
  /** Whether one of the approvals may be that of whoever asked, or changed a command. */
  readonly requesterMayApprove: boolean;
  /** So many different people must approve. */
  readonly approvals: number;
  /** For commands that reach more hosts than `recipients`, or hosts that cannot be counted, it takes this number; `null` for the number of `approvals`. */
  readonly large: { readonly recipients: number; readonly approvals: number } | null;
  /** When commands may be approved, and so begin; empty: always. */
  readonly hours: readonly DailyHours[];
  /** Where the digest of each day's audit is posted; `null`: nowhere. */
  readonly auditChannel: string | null;
  /** Who people at a terminal of the bot's machine are in Slack: user ids by their names there. */
  readonly terminalUsers: Readonly<Record<string, string>>;
  /** After so long nothing can be approved any more; it counts from the next hours in which anything can. */
  readonly expiresAfterMs: number;
}

/** What an approval is for: the commands, or their dry runs. Neither stands for the other. */
export type ApprovalKind = 'run' | 'dry-run';

/** One person's word for exactly what they saw. */
export interface Approval {
  readonly person: Person;
  readonly at: Date;
  /** Of the commands that it is for. */
  readonly digest: string;
  /** Why it does not count any more; null: it does. */
  readonly voided: string | null;
  /** Why it counts in spite of a freeze; `null` or left out: it does not. */
  readonly exception?: string | null;
}
