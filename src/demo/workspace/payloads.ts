import { randomBytes } from 'node:crypto';
import type { Conversation, OpenView, PostedMessage, User } from './model.ts';
import { appId, botUserId, type WorkspaceState } from './state.ts';
import type { ResponseContext, ResponseUrls, Triggers } from './tokens.ts';
import { toApiMessage, toApiView } from './web-api/shapes.ts';

/** Builds what Slack puts into its envelopes (https://docs.slack.dev/reference/interaction-payloads). */
export class Payloads {
  readonly #state: WorkspaceState;
  readonly #triggers: Triggers;
  readonly #responseUrls: ResponseUrls;

  constructor(state: WorkspaceState, triggers: Triggers, responseUrls: ResponseUrls) {
    this.#state = state;
    this.#triggers = triggers;
    this.#responseUrls = responseUrls;
  }

  slashCommand(user: User, channel: Conversation, command: string, text: string): object {
    return {
      token: 'unused',
      team_id: this.#state.team.id,
      team_domain: domainOf(this.#state.team.name),
      channel_id: channel.id,
      channel_name: nameOf(channel),
      user_id: user.id,
      user_name: user.name,
      command,
      text,
      api_app_id: appId,
      is_enterprise_install: 'false',
      response_url: this.#responseUrls.issue(commandContext(user, channel)),
      trigger_id: this.#triggers.issue(user.id),
    };
  }

  blockActions(
    user: User,
    channel: Conversation,
    message: PostedMessage,
    action: object,
    values: object,
  ): object {
    const thread = message.threadTs === null ? {} : { thread_ts: message.threadTs };
    const isEphemeral = message.ephemeralFor !== null;
    return {
      type: 'block_actions',
      ...this.#common(user),
      container: {
        type: 'message',
        message_ts: message.ts,
        channel_id: channel.id,
        is_ephemeral: isEphemeral,
        ...thread,
      },
      channel: { id: channel.id, name: nameOf(channel) },
      ...(isEphemeral ? {} : { message: toApiMessage(this.#state, message) }),
      state: { values },
      trigger_id: this.#triggers.issue(user.id),
      response_url: this.#responseUrls.issue({
        userId: user.id,
        channel: channel.id,
        threadTs: message.threadTs,
        messageTs: message.ts,
      }),
      actions: [action],
    };
  }

  viewSubmission(user: User, view: OpenView, values: object): object {
    return {
      type: 'view_submission',
      ...this.#common(user),
      trigger_id: this.#triggers.issue(user.id),
      view: toApiView(this.#state, view, values),
      response_urls: [],
    };
  }

  viewClosed(user: User, view: OpenView): object {
    return {
      type: 'view_closed',
      ...this.#common(user),
      view: toApiView(this.#state, view),
      is_cleared: false,
    };
  }

  event(event: object): object {
    const team = { team_id: this.#state.team.id, enterprise_id: null };
    return {
      type: 'event_callback',
      token: 'unused',
      team_id: this.#state.team.id,
      api_app_id: appId,
      event,
      event_id: `Ev${randomBytes(5).toString('hex').toUpperCase()}`,
      event_time: Math.floor(this.#state.now().getTime() / 1000),
      authorizations: [{ ...team, user_id: botUserId, is_bot: true, is_enterprise_install: false }],
      is_ext_shared_channel: false,
    };
  }

  messageEvent(channel: Conversation, message: PostedMessage): object {
    const channelType = channel.dmWith === null ? 'channel' : 'im';
    return this.event({
      ...toApiMessage(this.#state, message),
      channel: channel.id,
      channel_type: channelType,
      event_ts: message.ts,
    });
  }

  mentionEvent(channel: Conversation, message: PostedMessage): object {
    const { userId, text, ts } = message;
    return this.event({ type: 'app_mention', user: userId, text, ts, channel: channel.id, event_ts: ts });
  }

  #common(user: User): object {
    const { id, name } = this.#state.team;
    return {
      user: { id: user.id, username: user.name, name: user.name, team_id: id },
      team: { id, domain: domainOf(name) },
      enterprise: null,
      is_enterprise_install: false,
      api_app_id: appId,
      token: 'unused',
    };
  }
}

/** Where the answer to a command goes: to its sender, in the channel where it was sent. */
export function commandContext(user: User, channel: Conversation): ResponseContext {
  return { userId: user.id, channel: channel.id, threadTs: null, messageTs: null };
}

function nameOf(channel: Conversation): string {
  return channel.dmWith === null ? channel.name : 'directmessage';
}

function domainOf(teamName: string): string {
  return teamName.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}
