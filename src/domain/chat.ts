import type { KnownBlock } from '@slack/types';

/** What a person sees in Slack. `text` is the notification and the fallback for screen readers. */
export interface ChatMessage {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/** People are known by team and user id, never by name. */
export interface Person {
  readonly teamId: string;
  readonly userId: string;
}

/** Who does what nobody asked for: a servicing by schedule. */
export const restageItself: Person = { teamId: '', userId: 'restage' };

export interface PostTarget {
  /** Channel id or name. */
  readonly channel: string;
  readonly threadTs: string | null;
}

/**
 * Sends to Slack, each call once: no retries inside. Failures are `ChatError`s.
 * Deliveries are found again by the id that `post` puts into the message's metadata.
 */
export interface Chat {
  post(
    target: PostTarget,
    message: ChatMessage,
    deliveryId: string,
  ): Promise<{ readonly channel: string; readonly ts: string }>;
  update(channel: string, ts: string, message: ChatMessage): Promise<void>;
  /** The `ts` of the message that carries this delivery id, or null when there is none since that time. */
  find(
    target: PostTarget,
    deliveryId: string,
    since: Date,
  ): Promise<{ readonly channel: string; readonly ts: string } | null>;
  /** The person's IANA time zone, as set in Slack. */
  timeZoneOf(person: Person): Promise<string>;
  /** Shows a modal to the person whose click or command this trigger is; within 3 s of it. */
  openModal(triggerId: string, modal: Modal): Promise<void>;
  /** Puts a file, such as a chart, into a channel or thread. */
  upload(target: PostTarget, file: ChatFile): Promise<void>;
  /** The user ids in a user group, by its id. */
  membersOf(groupId: string): Promise<readonly string[]>;
  /** The user ids in a channel, by its id or name. */
  channelMembers(channel: string): Promise<readonly string[]>;
  /**
   * Answers a command or a click for its sender's eyes only, by its response_url. `replaces`: in the place of the message that
   * was clicked, which they alone see too.
   */
  respond(responseUrl: string, message: ChatMessage, replaces?: 'replaces'): Promise<void>;
}

/** A form. What people fill in comes back in `ModalSubmission.values`, by block id. */
export interface Modal {
  readonly callbackId: string;
  readonly title: string;
  /** Label of the button that sends it; null: it only shows something. */
  readonly submit: string | null;
  readonly blocks: readonly KnownBlock[];
  /** Comes back with the submission, unseen by the person; at most 3,000 characters. */
  readonly metadata: string;
}

export interface ModalSubmission {
  readonly deliveryKey: string;
  readonly callbackId: string;
  readonly metadata: string;
  /** What was filled in or chosen, by block id; null for what was left empty, a list for several choices. */
  readonly values: Readonly<Record<string, string | readonly string[] | null>>;
  readonly person: Person;
}

/** What is wrong with a form, by block id; null: it is taken, and closes. */
export type FormFaults = Readonly<Record<string, string>> | null;

export interface ChatFile {
  readonly name: string;
  readonly title: string;
  readonly bytes: Uint8Array;
  /** For those who can't see it. */
  readonly altText: string;
}

/**
 * How a call to Slack failed.
 * - `rate-limited`: not done; try again after `retryAfterMs`.
 * - `refused`: Slack said no for good (`channel_not_found` …): trying the same again is useless until somebody acts.
 * - `not-sent`: the request never reached Slack (no connection, DNS).
 * - `unknown`: it may have been done (timeout, lost reply, 5xx).
 */
export type ChatFailure = 'rate-limited' | 'refused' | 'not-sent' | 'unknown';

export class ChatError extends Error {
  readonly failure: ChatFailure;
  /** Slack's own error code, such as `channel_not_found`; null where there is none. */
  readonly slackCode: string | null;
  readonly retryAfterMs: number | null;

  constructor(
    failure: ChatFailure,
    message: string,
    detail: { slackCode?: string; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: detail.cause });
    this.name = 'ChatError';
    this.failure = failure;
    this.slackCode = detail.slackCode ?? null;
    this.retryAfterMs = detail.retryAfterMs ?? null;
  }
}

/** A slash command. `deliveryKey` is the same when Slack delivers it again. */
export interface SlashCommand {
  readonly deliveryKey: string;
  /** With its slash: `/redistribute`. */
  readonly command: string;
  readonly text: string;
  readonly person: Person;
  readonly channel: string;
  readonly responseUrl: string;
  /** For a modal, within 3 s. */
  readonly triggerId: string;
}

/** A click on a button, or a choice from a list. */
export interface ButtonClick {
  readonly deliveryKey: string;
  readonly actionId: string;
  /** Our own id of the thing the button is about, or that was chosen. */
  readonly value: string;
  readonly person: Person;
  readonly channel: string;
  readonly messageTs: string;
  readonly responseUrl: string;
  /** For a modal, within 3 s. */
  readonly triggerId: string;
}

/** What the application does with what Slack sends; both finish in well under Slack's three seconds. */
export interface ChatHandlers {
  /** Returns the answer that only the sender sees. */
  onCommand(command: SlashCommand): Promise<ChatMessage>;
  onClick(click: ButtonClick): Promise<void>;
  onSubmit(submission: ModalSubmission): Promise<FormFaults>;
}
