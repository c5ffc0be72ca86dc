import { randomBytes } from 'node:crypto';
import type { KnownBlock } from '@slack/types';
import type {
  Change,
  Conversation,
  MessageEdit,
  NewMessage,
  PostedMessage,
  User,
  WorkspaceUser,
} from './model.ts';
import type { AppManifest } from './manifest.ts';
import { Signal } from './signal.ts';

export const botUserId = 'U0RESTAGE';
export const botId = 'B0RESTAGE';
export const appId = 'A0RESTAGE';
export const slackbotId = 'USLACKBOT';

export interface Team {
  readonly id: string;
  readonly name: string;
}

export interface ChannelOptions {
  readonly id: string;
  readonly name: string;
  /** Left out: everybody, and the app too. */
  readonly members?: readonly string[];
  readonly isPrivate?: boolean;
  readonly isArchived?: boolean;
}

interface StateOptions {
  readonly team: Team;
  readonly users: readonly WorkspaceUser[];
  readonly channels: readonly ChannelOptions[];
  readonly app: AppManifest;
  readonly now: () => Date;
}

/** People, conversations and messages. */
export class WorkspaceState {
  readonly team: Team;
  readonly app: AppManifest;
  readonly now: () => Date;
  readonly changes = new Signal<Change>();
  readonly users = new Map<string, User>();
  readonly #conversations = new Map<string, Conversation>();
  readonly #messages = new Map<string, Map<string, PostedMessage>>();
  #lastMicros = 0;

  constructor(options: StateOptions) {
    this.team = options.team;
    this.app = options.app;
    this.now = options.now;
    const bot = { tz: 'Etc/UTC', isBot: true, isDeactivated: false };
    this.#addUser({ ...bot, id: botUserId, name: 'restage', realName: 'Restage' });
    this.#addUser({ ...bot, id: slackbotId, name: 'slackbot', realName: 'Slackbot' });
    for (const { deactivated = false, ...user } of options.users) {
      this.#addUser({ ...user, isBot: false, isDeactivated: deactivated });
    }
    const everybody = [botUserId, ...options.users.map((user) => user.id)];
    for (const { id, name, members = everybody, isPrivate = false, isArchived = false } of options.channels) {
      this.#addConversation({ id, name, dmWith: null, members: new Set(members), isPrivate, isArchived });
    }
    for (const { id, name } of options.users) {
      const members = new Set([id, botUserId]);
      const direct = { dmWith: id, isPrivate: true, isArchived: false };
      this.#addConversation({ ...direct, id: `D${id.slice(1)}`, name, members });
    }
  }

  conversations(): readonly Conversation[] {
    return [...this.#conversations.values()];
  }

  byId = (id: string): Conversation | null => this.#conversations.get(id) ?? null;

  /** By id, by name with or without `#`, or by the id of the person a direct message is with (`U…`, `dm:U…`). */
  findConversation(reference: string): Conversation | null {
    const byId = this.#conversations.get(reference);
    if (byId) return byId;
    const person = reference.replace(/^dm:/, '');
    const name = reference.replace(/^#/, '');
    const matches = (one: Conversation) =>
      one.dmWith === null ? one.name === name : this.users.has(person) && one.dmWith === person;
    return this.conversations().find(matches) ?? null;
  }

  join(channel: string, userId: string): void {
    const conversation = this.#conversations.get(channel);
    if (!conversation) return;
    this.#conversations.set(channel, {
      ...conversation,
      members: new Set([...conversation.members, userId]),
    });
  }

  archive(conversation: Conversation): void {
    this.#conversations.set(conversation.id, { ...conversation, isArchived: true });
  }

  /** An admin takes the account away from its person. */
  deactivate(user: User): void {
    this.users.set(user.id, { ...user, isDeactivated: true });
  }

  messages(channel: string): readonly PostedMessage[] {
    return [...(this.#messages.get(channel)?.values() ?? [])];
  }

  message(channel: string, ts: string): PostedMessage | null {
    return this.#messages.get(channel)?.get(ts) ?? null;
  }

  post(message: NewMessage): PostedMessage {
    return this.#put({
      channel: message.channel,
      ts: this.nextTs(),
      threadTs: message.threadTs ?? null,
      userId: message.userId,
      text: message.text,
      blocks: withIds(message.blocks ?? []),
      attachments: message.attachments ?? [],
      metadata: message.metadata ?? null,
      edits: 0,
      history: [message.text],
      ephemeralFor: message.ephemeralFor ?? null,
      reactions: [],
      files: message.files ?? [],
    });
  }

  edit(message: PostedMessage, edit: MessageEdit): PostedMessage {
    const text = edit.text ?? message.text;
    return this.#put({
      ...message,
      ...edit,
      text,
      blocks: edit.blocks ? withIds(edit.blocks) : message.blocks,
      edits: message.edits + 1,
      history: [...message.history, text],
    });
  }

  /** False when this person has already reacted so. */
  react(message: PostedMessage, name: string, userId: string): boolean {
    const users = message.reactions.find((reaction) => reaction.name === name)?.users ?? [];
    if (users.includes(userId)) return false;
    const others = message.reactions.filter((reaction) => reaction.name !== name);
    this.#put({ ...message, reactions: [...others, { name, users: [...users, userId] }] });
    return true;
  }

  remove(message: PostedMessage): void {
    this.#messages.get(message.channel)?.delete(message.ts);
    this.changes.emit({ kind: 'message-deleted', channel: message.channel, ts: message.ts });
  }

  /** Seconds and microseconds, unique and increasing even when the clock stands still or goes back. */
  nextTs(): string {
    this.#lastMicros = Math.max(this.now().getTime() * 1000, this.#lastMicros + 1);
    const seconds = Math.floor(this.#lastMicros / 1_000_000);
    return `${seconds}.${String(this.#lastMicros % 1_000_000).padStart(6, '0')}`;
  }

  #put(message: PostedMessage): PostedMessage {
    this.#messages.get(message.channel)?.set(message.ts, message);
    this.changes.emit({ kind: 'message', message });
    return message;
  }

  #addUser(user: User): void {
    this.users.set(user.id, user);
  }

  #addConversation(conversation: Conversation): void {
    this.#conversations.set(conversation.id, conversation);
    this.#messages.set(conversation.id, new Map());
  }
}

/** Slack gives an id to every block, and to every element that people use, where the sender left it out. */
export function withIds(blocks: readonly KnownBlock[]): readonly KnownBlock[] {
  return blocks.map((block) => {
    const named = Object.assign({}, block, { block_id: block.block_id ?? shortId() });
    if (named.type === 'input') return { ...named, element: withActionId(named.element) };
    if (named.type === 'actions') return { ...named, elements: named.elements.map(withActionId) };
    if (named.type !== 'section' || !named.accessory) return named;
    return { ...named, accessory: withActionId(named.accessory) };
  });
}

function withActionId<T extends { readonly type: string }>(element: T): T {
  if (element.type === 'image' || ('action_id' in element && element.action_id !== undefined)) return element;
  return { ...element, action_id: shortId() };
}

function shortId(): string {
  return randomBytes(4).toString('base64url').slice(0, 5);
}
