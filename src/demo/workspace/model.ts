import type { KnownBlock } from '@slack/types';

export interface WorkspaceUser {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  /** IANA time zone. */
  readonly tz: string;
  readonly email?: string;
  /** By an admin: the account is kept, but nobody can use it. */
  readonly deactivated?: boolean;
}

export interface User extends Omit<WorkspaceUser, 'deactivated'> {
  readonly isBot: boolean;
  readonly isDeactivated: boolean;
}

export interface Conversation {
  readonly id: string;
  readonly name: string;
  /** The person on the other side of a direct message with the app; null for a channel. */
  readonly dmWith: string | null;
  readonly members: ReadonlySet<string>;
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
}

export interface MessageMetadata {
  readonly event_type: string;
  readonly event_payload: Readonly<Record<string, unknown>>;
}

interface Reaction {
  readonly name: string;
  readonly users: readonly string[];
}

export interface UploadedFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** What a picture shows, for who can't see it; empty for none. */
  readonly altText: string;
  readonly size: number;
}

/** A message as it is now. Records are never changed in place: an edit makes a new one. */
export interface PostedMessage {
  /** Always the id, however the channel was named by the sender. */
  readonly channel: string;
  readonly ts: string;
  /** The `ts` of the message it answers, null at top level. */
  readonly threadTs: string | null;
  readonly userId: string;
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
  readonly attachments: readonly unknown[];
  readonly metadata: MessageMetadata | null;
  readonly edits: number;
  /** Every text it has had, oldest first, the present one last. */
  readonly history: readonly string[];
  /** The only person who sees it; null when everybody does. */
  readonly ephemeralFor: string | null;
  readonly reactions: readonly Reaction[];
  readonly files: readonly UploadedFile[];
}

export interface NewMessage {
  readonly channel: string;
  readonly userId: string;
  readonly text: string;
  readonly threadTs?: string | null;
  readonly blocks?: readonly KnownBlock[];
  readonly attachments?: readonly unknown[];
  readonly metadata?: MessageMetadata | null;
  readonly ephemeralFor?: string | null;
  readonly files?: readonly UploadedFile[];
}

/** What an edit may replace; what is left out stays. */
export type MessageEdit = Partial<Pick<PostedMessage, 'text' | 'blocks' | 'attachments' | 'metadata'>>;

/** A modal or a Home tab that a person has open. */
export interface OpenView {
  readonly id: string;
  readonly userId: string;
  readonly type: 'modal' | 'home';
  readonly callbackId: string;
  readonly title: string;
  readonly submit: string | null;
  readonly close: string | null;
  readonly blocks: readonly KnownBlock[];
  readonly privateMetadata: string;
  readonly externalId: string;
  readonly notifyOnClose: boolean;
  /** Changes with every update, so that two writers notice each other. */
  readonly hash: string;
  readonly previousViewId: string | null;
  readonly rootViewId: string;
}

/** What changed, for those who watch: the page, and `waitFor`. */
export type Change =
  | { readonly kind: 'message'; readonly message: PostedMessage }
  | { readonly kind: 'message-deleted'; readonly channel: string; readonly ts: string }
  | { readonly kind: 'view'; readonly view: OpenView }
  | { readonly kind: 'view-closed'; readonly viewId: string }
  | { readonly kind: 'connections'; readonly count: number };
