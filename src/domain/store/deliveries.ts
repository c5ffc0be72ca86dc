import type { ChatFailure, ChatMessage, Posted } from '../chat.ts';

export type DeliveryKind =
  | 'ticket'
  | 'redistribution'
  | 'recovery'
  | 'command'
  | 'page'
  | 'note'
  | 'story'
  | 'digest'
  | 'elsewhere'
  | 'again'
  | 'repair-look'
  | 'held'
  | 'handover'
  | 'undelivered'
  | 'incident'
  | 'report'
  | 'chart'
  | 'listing'
  | 'dry-run'
  | 'output'
  | 'email';
export type DeliveryState = 'pending' | 'claimed' | 'sent' | 'failed';

/** Calls about a delivery that were given up and may have taken effect, or still may; times are Slack's. */
export interface Doubt {
  /** From when on a post may stand in Slack that nobody knows of; null if only edits were given up. */
  readonly postSince: Date | null;
  /** When the last of them was given up, at the latest. */
  readonly givenUpAt: Date;
}

export interface Delivery {
  readonly id: string;
  readonly kind: DeliveryKind;
  readonly subjectId: string;
  readonly channel: string;
  readonly body: ChatMessage | null;
  readonly wanted: number;
  readonly sent: number;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly postedChannel: string | null;
  readonly ts: string | null;
  /** The thread to post into; null: none, or its parent is not posted yet (then it is not due). */
  readonly threadTs: string | null;
  /** null if the outcome of every call is known. */
  readonly doubt: Doubt | null;
  /** When to look for what doubtful calls did to a posted message; null for never. */
  readonly lookAt: Date | null;
  readonly lastError: string | null;
}

export interface NewDelivery {
  readonly id: string;
  readonly kind: DeliveryKind;
  readonly subjectId: string;
  readonly channel: string;
  readonly parentId: string | null;
  readonly body: ChatMessage | null;
}

/** What became of a delivery's attempt. */
export interface DeliveryResult {
  readonly state: DeliveryState;
  readonly sent?: number;
  readonly posted?: { readonly channel: string; readonly ts: string };
  readonly attempts: number;
  readonly dueAt: Date;
  readonly doubt: Doubt | null;
  readonly lookAt: Date | null;
  readonly lastError: string | null;
  /** How the last call failed; null if it did not. */
  readonly failure: ChatFailure | null;
}

/** A message that could not be delivered. */
export interface FailedDelivery {
  readonly id: string;
  readonly kind: DeliveryKind;
  readonly subjectId: string;
  readonly channel: string;
  readonly createdAt: Date;
  readonly attempts: number;
  readonly lastError: string | null;
}

/** How long a claim holds, and how far ahead a delivery can rightly be due. */
export interface DeliveryLease {
  readonly lengthMs: number;
  /** Longest wait of a message that goes out with a schedule's slot, a digest. */
  readonly longestHoldMs: number;
  /** Longest wait of every other one. */
  readonly longestWaitMs: number;
}

/** A delivery that is one bot's to send, as long as its lease lasts from `since` on. */
export type ClaimedDelivery = Delivery & {
  readonly since: Date;
  /** `givenUpAt` as the claim left it: what others note later is not to be overwritten. */
  readonly doubtedAt: Date | null;
};

/** Messages that ought to be in Slack. */
export interface DeliveryTx {
  /** Adds a delivery, or raises `wanted` where its subject has one; due at once. */
  wantDelivery(delivery: NewDelivery, now: Date): Promise<void>;
  /** The same for deliveries about different subjects, in their order; answers the ids that they have. */
  wantDeliveries(deliveries: readonly NewDelivery[], now: Date): Promise<readonly string[]>;
  /** Raises `wanted` of a subject's delivery; false where it has none. */
  touchDelivery(kind: DeliveryKind, subjectId: string, now: Date): Promise<boolean>;
  deliveryOf(kind: DeliveryKind, subjectId: string): Promise<Delivery | null>;
  /**
   * Claims the channel's next due delivery, by the store's clock. A claim that has outlived its lease belongs to a bot
   * that died: its outcome is unknown. While another claim stands in the channel nothing is due there. `doubt` is kept for
   * the case that this bot dies too; left out if Slack's time is unknown, and nothing will be called.
   */
  claimDelivery(channel: string, lease: DeliveryLease, doubt?: Doubt | null): Promise<ClaimedDelivery | null>;
  /** Begins a claim made at `since` anew. Returns its new beginning; null where it is somebody else's by now. */
  renewClaim(id: string, since: Date): Promise<Date | null>;
  /** Returns false, and changes nothing, where the claim is somebody else's by now. */
  settleDelivery(claimed: ClaimedDelivery, result: DeliveryResult): Promise<boolean>;
  /** Notes that a call by somebody who had lost the claim may have taken effect. */
  doubtDelivery(id: string, doubt: Doubt, lookAt: Date): Promise<void>;
  /** The posted messages in a delivery's thread. */
  repliesTo(id: string): Promise<readonly { readonly id: string; readonly posted: Posted }[]>;
  /** Posts a delivery anew: it stands nowhere any more. */
  postAnew(id: string, now: Date): Promise<void>;
  /**
   * Gives one more try to what was given up before this time because of Slack, not of the message; of one channel, or of
   * all.
   */
  retryGivenUp(channel: string | null, before: Date, tries: number): Promise<void>;
  /** Fixes a delivery's text: from now on it is not rendered again. */
  fixBody(id: string, body: ChatMessage): Promise<void>;
  /** The latest deliveries that were given up, the newest first; of one channel (without announcements), or of all. */
  failedDeliveries(channel: string | null): Promise<readonly FailedDelivery[]>;
  /** How many there are of them in all. */
  countFailed(channel: string | null): Promise<number>;
  /** The channel of a delivery; null where it is none. */
  channelOf(id: string): Promise<string | null>;
  /** Raises `wanted` of the latest announcement about a channel; false where there is none. */
  touchAnnouncement(channel: string, now: Date): Promise<boolean>;
  /** One that was given up is tried again from the start. Answers its channel; null where it was not given up. */
  retryDelivery(id: string, now: Date): Promise<string | null>;
  /** When the channel's next delivery falls due (or its claim goes stale); null when nothing waits. */
  nextDue(channel: string): Promise<{ readonly dueAt: Date; readonly claimedAt: Date | null } | null>;
  channelsWithWork(): Promise<readonly string[]>;
  /** Whether any message has ever been posted. */
  hasPosted(): Promise<boolean>;
}
