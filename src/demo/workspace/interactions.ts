import { isRecord } from './record.ts';
import { findElement, toAction } from './elements.ts';
import { checkEntered, requireFilledIn, toStateValues, type ViewValues } from './entered-values.ts';
import { InteractionError } from './interaction-error.ts';
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

export interface Submission {
  readonly userId: string;
  readonly viewId: string;
  /** Of the view that the person sees; null for whatever it is now. */
  readonly hash: string | null;
  readonly values: ViewValues;
}

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
    const channel = this.#channel(reference, userId);
    const message = state.message(channel.id, ts);
    const visible = message?.userId === botUserId && (message.ephemeralFor ?? userId) === userId;
    const found = visible ? findElement(message.blocks, actionId, value) : null;
    if (!message || !found || !state.app.isInteractive) {
      throw new InteractionError(`no such button: ${actionId} on message ${ts} in ${channel.name}`);
    }
    const isButton = found.element['type'] === 'button';
    if (!isButton && !value) throw new InteractionError(`nothing is chosen: ${actionId}`);
    if (!isButton && value) checkEntered(found.element, [value], state);
    const own = found.element['value'];
    const used = value ?? (typeof own === 'string' ? own : null);
    const entered = toStateValues(message.blocks, values, state);
    this.happened.emit({ userId, actionId, value: used, channel: channel.id, ts });
    const action = toAction(found, value, state.nextTs());
    const payload = payloads.blockActions(user, channel, message, action, entered);
    return sockets.deliver('interactive', payload).catch((error: unknown) => {
      throw new InteractionError(`The app did not take the click (${failureCode(error)}).`, { cause: error });
    });
  }

  /** The answer in the acknowledgement is shown to this person only; so is a failure. */
  async command(userId: string, reference: string, line: string): Promise<unknown> {
    const { state, sockets, payloads } = this.#parts;
    const user = this.#user(userId);
    const channel = this.#channel(reference, userId);
    const [, name, text = ''] = /^(\/\S+)\s*([^]*)$/.exec(line.trim()) ?? [];
    if (name === undefined) throw new InteractionError(`a command starts with a slash: ${line}`);
    if (!state.app.commands.has(name) || !state.app.scopes.has('commands')) {
      throw this.#tell(user, channel, notCommand(name));
    }
    try {
      const payload = payloads.slashCommand(user, channel, name, text);
      const ack = await sockets.deliver('slash_commands', payload);
      if (isRecord(ack) && Object.keys(ack).length > 0) {
        applyResponse(state, commandContext(user, channel), ack);
      }
      return ack;
    } catch (error) {
      throw this.#tell(user, channel, `${name} failed with the error "${failureCode(error)}"`, error);
    }
  }

  /** A plain message by a person; the app hears of it as an event. */
  say(userId: string, reference: string, text: string, threadTs: string | null): PostedMessage {
    const { state, sockets, payloads } = this.#parts;
    const user = this.#user(userId);
    const channel = this.#channel(reference, userId);
    if (channel.isArchived) throw new InteractionError(`the channel is archived: ${channel.name}`);
    const message = state.post({ channel: channel.id, userId: user.id, text, threadTs });
    if (!channel.members.has(botUserId)) return message;
    const { events } = state.app;
    if (events.has(eventOf(channel))) sockets.deliverEvent(payloads.messageEvent(channel, message));
    const isMention = text.includes(`<@${botUserId}>`);
    if (isMention && events.has('app_mention')) sockets.deliverEvent(payloads.mentionEvent(channel, message));
    return message;
  }

  /** Resolves with the acknowledgement after doing what it says: close, show errors, update, push or clear. */
  async submitView({ userId, viewId, hash, values }: Submission): Promise<unknown> {
    const { sockets, payloads, state, views } = this.#parts;
    const user = this.#user(userId);
    const view = this.#view(userId, viewId);
    if (views.top(userId)?.id !== viewId || view.submit === null) {
      throw new InteractionError(`the view has no button to send it: ${viewId}`);
    }
    if (hash !== null && hash !== view.hash) {
      throw new InteractionError('The form has changed in the meantime (hash_conflict).');
    }
    const entered = toStateValues(view.blocks, values, state);
    requireFilledIn(view.blocks, values);
    const payload = payloads.viewSubmission(user, view, entered);
    const ack = await sockets.deliver('interactive', payload).catch((error: unknown) => {
      throw new InteractionError(`The app did not take the form (${failureCode(error)}).`, { cause: error });
    });
    try {
      this.#followSubmission(view, isRecord(ack) ? ack : {});
    } catch (error) {
      throw new InteractionError(`Slack did not take the app's answer (${failureCode(error)}).`, {
        cause: error,
      });
    }
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
        requireErrorsOfInputs(view, answer['errors']);
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
      case undefined:
        views.close(view);
        return;
      default:
        throw new ApiError('invalid_response_action');
    }
  }

  #user(userId: string): User {
    const user = this.#parts.state.users.get(userId);
    if (!user || user.isBot) throw new InteractionError(`no such user: ${userId}`);
    if (user.isDeactivated) throw new InteractionError(`the account is deactivated: ${userId}`);
    return user;
  }

  /** A conversation that the person is in. */
  #channel(reference: string, userId: string): Conversation {
    const channel = this.#parts.state.findConversation(reference);
    if (!channel?.members.has(userId)) throw new InteractionError(`no such channel: ${reference}`);
    return channel;
  }

  /** Slackbot says to the person alone why nothing came of it. */
  #tell(user: User, channel: Conversation, text: string, cause?: unknown): InteractionError {
    this.#parts.state.post({ channel: channel.id, userId: slackbotId, text, ephemeralFor: user.id });
    return new InteractionError(text, { cause });
  }

  #view(userId: string, viewId: string): OpenView {
    const view = this.#parts.views.get(viewId);
    if (!view || view.userId !== userId) throw new InteractionError(`no such view: ${viewId}`);
    return view;
  }
}

/** Slack's own words; the command never reaches the app. */
function notCommand(name: string): string {
  return `${name} is not a valid command. In Slack, all messages that start with the "/" character are interpreted as commands. If you are trying to send a message and not run a command, try preceding the "/" with an empty space.`;
}

function eventOf({ dmWith, isPrivate }: Conversation): string {
  if (dmWith !== null) return 'message.im';
  return isPrivate ? 'message.groups' : 'message.channels';
}

/** Slack shows each text below its input, so each must name one. */
function requireErrorsOfInputs(view: OpenView, errors: unknown): void {
  const blocks = view.blocks.filter(({ type }) => type === 'input');
  const inputs = new Set(blocks.map((block) => block.block_id));
  const named = Object.keys(isRecord(errors) ? errors : {});
  if (named.length === 0 || named.some((id) => !inputs.has(id))) throw new ApiError('invalid_errors');
}

/** Slack's word for why the app's answer did not arrive or was not usable. */
function failureCode(error: unknown): string {
  if (error instanceof DeliveryError || error instanceof ApiError) return error.code;
  throw error;
}
