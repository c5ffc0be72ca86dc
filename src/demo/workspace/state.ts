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
}

interface StateOptions {
  readonly team: Team;
  readonly users: readonly WorkspaceUser[];
  readonly channels: readonly ChannelOptions[];
  readonly now: () => Date;
}

/** People, conversations and messages. */
export class WorkspaceState {
  readonly team: Team;
  readonly now: () => Date;
  readonly changes = new Signal<Change>();
  readonly users = new Map<string, User>();
  readonly #conversations = new Map<string, Conversation>();
  readonly #messages = new Map<string, Map<string, PostedMessage>>();
  #lastMicros = 0;

  constructor(options: StateOptions) {
    this.team = options.team;
    this.now = options.now;
    this.#addUser({ id: botUserId, name: 'restage', realName: 'Restage', tz: 'Etc/UTC', isBot: true });
    this.#addUser({ id: slackbotId, name: 'slackbot', realName: 'Slackbot', tz: 'Etc/UTC', isBot: true });
    for (const user of options.users) this.#addUser({ ...user, isBot: false });
    const everybody = [botUserId, ...options.users.map((user) => user.id)];
    for (const { id, name, members } of options.channels) {
      this.#addConversation({ id, name, dmWith: null, members: new Set(members ?? everybody) });
    }
    for (const { id, name } of options.users) {
      const members = new Set([id, botUserId]);
      this.#addConversation({ id: `D${id.slice(1)}`, name, dmWith: id, members });
    }
  }

  conversations(): readonly Conversation[] {
    return [...this.#conversations.values()];
  }

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

/** Slack gives every block an id where the sender left it out, and so does every element of an actions block. */
export function withIds(blocks: readonly KnownBlock[]): readonly KnownBlock[] {
  return blocks.map((block) => {
    const blockId = block.block_id ?? shortId();
    if (block.type !== 'actions') return Object.assign({}, block, { block_id: blockId });
    const elements = block.elements.map((element) =>
      Object.assign({}, element, { action_id: element.action_id ?? shortId() }),
    );
    return { ...block, block_id: blockId, elements };
  });
}

function shortId(): string {
  return randomBytes(4).toString('base64url').slice(0, 5);
}
