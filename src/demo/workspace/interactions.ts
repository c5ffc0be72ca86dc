import { isRecord } from './checks.ts';
import { findElement, toAction, toStateValues, type ViewValues } from './elements.ts';
import type { Conversation, OpenView, PostedMessage, User } from './model.ts';
import { commandContext, type Payloads } from './payloads.ts';
import { applyResponse } from './responses.ts';
import { Signal } from './signal.ts';
import { DeliveryError, type SocketHub } from './sockets.ts';
import { botUserId, slackbotId, type WorkspaceState } from './state.ts';
import type { ViewStore } from './views.ts';
import { ApiError } from './web-api/call.ts';

/** A person used an element of a message. */
export interface Interaction {
  readonly userId: string;
  readonly actionId: string;
  readonly value: string | null;
  readonly channel: string;
  readonly ts: string;
}

export interface Click {
  readonly userId: string;
  readonly channel: string;
  readonly ts: string;
  readonly actionId: string;
  /** The button's value, or the value of the option chosen; null for the first element with this action_id. */
  readonly value: string | null;
  /** What the message's inputs hold. */
  readonly values: ViewValues;
}

/** What a person asked for can't be done; the message is what Slack would show. */
export class InteractionError extends Error {}

interface Parts {
  readonly state: WorkspaceState;
  readonly sockets: SocketHub;
  readonly views: ViewStore;
  readonly payloads: Payloads;
}

/** What people do, sent to the app as Slack sends it. Failures are `InteractionError`s. */
export class Interactions {
  readonly happened = new Signal<Interaction>();
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Resolves with the payload of the app's acknowledgement. */
  async click({ userId, channel: reference, ts, actionId, value, values }: Click): Promise<unknown> {
    const { state, sockets, payloads } = this.#parts;
    const user = this.#user(userId);
    const channel = this.#channel(reference);
    const message = state.message(channel.id, ts);
    const visible = message && (message.ephemeralFor ?? userId) === userId;
    const found = visible ? findElement(message.blocks, actionId, value) : null;
    if (!message || !found) {
      throw new InteractionError(`no such button: ${actionId} on message ${ts} in ${channel.name}`);
    }
    const own = found.element['value'];
    const used = value ?? (typeof own === 'string' ? own : null);
    this.happened.emit({ userId, actionId, value: used, channel: channel.id, ts });
    const action = toAction(found.element, found.blockId, value, state.nextTs());
    const entered = toStateValues(message.blocks, values);
    const payload = payloads.blockActions(user, channel, message, action, entered);
    return sockets.deliver('interactive', payload).catch((error: unknown) => {
      throw new InteractionError(`The app did not take the click (${failureCode(error)}).`, { cause: error });
    });
  }

  /** The answer in the acknowledgement is shown to this person only; so is a failure. */
  async command(userId: string, reference: string, line: string): Promise<unknown> {
    const { state, sockets, payloads } = this.#parts;
    const user = this.#user(userId);
    const channel = this.#channel(reference);
    const [, name, text = ''] = /^(\/\S+)\s*([^]*)$/.exec(line.trim()) ?? [];
    if (name === undefined) throw new InteractionError(`a command starts with a slash: ${line}`);
    try {
      const payload = payloads.slashCommand(user, channel, name, text);
      const ack = await sockets.deliver('slash_commands', payload);
      if (isRecord(ack) && Object.keys(ack).length > 0) {
        applyResponse(state, commandContext(user, channel), ack);
      }
      return ack;
    } catch (error) {
      const shown = `${name} failed with the error "${failureCode(error)}"`;
      state.post({ channel: channel.id, userId: slackbotId, text: shown, ephemeralFor: userId });
      throw new InteractionError(shown, { cause: error });
    }
  }

  /** A plain message by a person; the app hears of it as an event. */
  say(userId: string, reference: string, text: string, threadTs: string | null): PostedMessage {
    const { state, sockets, payloads } = this.#parts;
    const user = this.#user(userId);
    const channel = this.#channel(reference);
    const message = state.post({ channel: channel.id, userId: user.id, text, threadTs });
    if (!channel.members.has(botUserId)) return message;
    sockets.deliverEvent(payloads.messageEvent(channel, message));
    if (text.includes(`<@${botUserId}>`)) sockets.deliverEvent(payloads.mentionEvent(channel, message));
    return message;
  }

  /** Resolves with the acknowledgement after doing what it says: close, show errors, update, push or clear. */
  async submitView(userId: string, viewId: string, values: ViewValues): Promise<unknown> {
    const { sockets, payloads } = this.#parts;
    const user = this.#user(userId);
    const view = this.#view(userId, viewId);
    const payload = payloads.viewSubmission(user, view, toStateValues(view.blocks, values));
    const ack = await sockets.deliver('interactive', payload).catch((error: unknown) => {
      throw new InteractionError(`The app did not take the form (${failureCode(error)}).`, { cause: error });
    });
    this.#followSubmission(view, isRecord(ack) ? ack : {});
    return ack;
  }

  closeView(userId: string, viewId: string): void {
    const user = this.#user(userId);
    const view = this.#view(userId, viewId);
    this.#parts.views.close(view);
    if (!view.notifyOnClose) return;
    const payload = this.#parts.payloads.viewClosed(user, view);
    this.#parts.sockets.deliver('interactive', payload).catch(() => {
      // Nobody is told when the app does not take this one.
    });
  }

  #followSubmission(view: OpenView, answer: Readonly<Record<string, unknown>>): void {
    const { views } = this.#parts;
    switch (answer['response_action']) {
      case 'errors':
        return;
      case 'update':
        views.update(view, answer['view'], '');
        return;
      case 'push':
        views.push(view, answer['view']);
        return;
      case 'clear':
        views.closeModals(view.userId);
        return;
      default:
        views.close(view);
    }
  }

  #user(userId: string): User {
    const user = this.#parts.state.users.get(userId);
    if (!user || user.isBot) throw new InteractionError(`no such user: ${userId}`);
    return user;
  }

  #channel(reference: string): Conversation {
    const channel = this.#parts.state.findConversation(reference);
    if (!channel) throw new InteractionError(`no such channel: ${reference}`);
    return channel;
  }

  #view(userId: string, viewId: string): OpenView {
    const view = this.#parts.views.get(viewId);
    if (!view || view.userId !== userId) throw new InteractionError(`no such view: ${viewId}`);
    return view;
  }
}

/** Slack's word for why the app's answer did not arrive or was not usable. */
function failureCode(error: unknown): string {
  if (error instanceof DeliveryError || error instanceof ApiError) return error.code;
  throw error;
}
