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

/** The team of those who ask at a terminal of the bot's machine. */
export const terminalTeam = 'terminal';

export interface PostTarget {
  /** Channel id or name. */
  readonly channel: string;
  readonly threadTs: string | null;
}

/** Where a message stands in Slack. */
export interface Posted {
  /** Always the id. */
  readonly channel: string;
  readonly ts: string;
}

/** By what a message is found again, and an outdated one recognized: it stands in the message's metadata. */
export interface Stamp {
  readonly deliveryId: string;
  /** How new the content is: raised by each change. */
  readonly revision: number;
}

/** A message that bears a delivery's id. */
export interface Copy extends Posted {
  /** null if it bears none. */
  readonly revision: number | null;
  /** People have answered in its thread, or reacted to it. */
  readonly isTouched: boolean;
}

/** Which messages to look through for copies of a delivery. */
export interface CopySearch {
  readonly target: PostTarget;
  readonly deliveryId: string;
  /** Those posted at or after this time, by Slack's clock; null for none of them. */
  readonly since: Date | null;
  /** One more, however old; null for none. */
  readonly known: Posted | null;
}

/** Slack's time, as exactly as it is known: its responses bear whole seconds. */
export interface SlackTime {
  readonly earliest: Date;
  readonly latest: Date;
}

/** Sends to Slack, each call once: no retries inside. Failures are `ChatError`s. */
export interface Chat {
  post(target: PostTarget, message: ChatMessage, stamp: Stamp): Promise<Posted>;
  update(channel: string, ts: string, message: ChatMessage, stamp: Stamp): Promise<void>;
  /** Every copy of a delivery, the earliest first. */
  copies(search: CopySearch): Promise<readonly Copy[]>;
  /** Deletes a message of ours; one that is gone already is no failure. */
  remove(posted: Posted): Promise<void>;
  /** Makes a copy a link to the one that goes on: it is no copy of the delivery from then on. */
  linkTo(copy: Posted, target: Posted): Promise<void>;
  /** The address under which people find a message. */
  permalink(posted: Posted): Promise<string>;
  /** Slack's time now. Asks Slack where it has not answered yet. */
  time(): Promise<SlackTime>;
  /** Asks whether Slack serves this bot; null if it does, else why not. Never rejects. */
  ask(): Promise<ChatError | null>;
  health(): ChatHealth;
  /** The person's IANA time zone, as set in Slack. */
  timeZoneOf(person: Person): Promise<string>;
  /** Returns whether the person's account is in use: it exists, and was not deactivated. */
  isActive(person: Person): Promise<boolean>;
  /** Shows a modal to the person whose click or command this trigger is; within 3 s of it. */
  openModal(triggerId: string, modal: Modal): Promise<void>;
  /** Puts a file, such as a chart, into a channel or thread. Ends at a deadline, and when `signal` aborts. */
  upload(target: PostTarget, file: ChatFile, signal: AbortSignal): Promise<void>;
  /** Uploads a file that nobody sees until a message's image block names it. Returns its id. Ends at a deadline. */
  uploadUnshared(file: ChatFile): Promise<string>;
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

/** How the connection to Slack is doing. */
export interface ChatHealth {
  /** By the last call of the Web API; null before the first. */
  readonly isReached: boolean | null;
  readonly lastGoodAt: Date | null;
  /** The last call that Slack did not answer, or for which it refused the token. */
  readonly lastFailure: { readonly at: Date; readonly reason: string } | null;
  readonly sockets: {
    readonly wanted: number;
    /** Those over which clicks and commands come in now. */
    readonly open: number;
    /**
     * `num_connections` of the last hello: all sockets of the app that Slack counts, other bots' and ghosts too; null
     * before the first. Slack allows ten (slackapi/python-slack-sdk#1940).
     */
    readonly counted: number | null;
  };
  /** Why no click or command comes in; null if they do. */
  readonly clicksBlockedBy: string | null;
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
 * - `refused`: Slack said no for good (`channel_not_found` …): trying the same again is useless until somebody acts, or
 *   until `retryAfterMs` is over where there is one.
 * - `not-sent`: the request never reached Slack (no connection, DNS).
 * - `unknown`: it may have been done (timeout, lost reply, 5xx).
 * - `unauthorized`: not done; Slack takes the token for nothing at all until somebody replaces it.
 */
export type ChatFailure = 'rate-limited' | 'refused' | 'not-sent' | 'unknown' | 'unauthorized';

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
