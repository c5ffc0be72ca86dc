import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { type WebAPICallResult, WebAPIPlatformError, WebClient, type WebClientOptions } from '@slack/web-api';
import { type AppManifest, readShippedManifest } from '../../../src/demo/workspace/manifest.ts';
import {
  startWorkspace,
  type Workspace,
  type WorkspaceOptions,
} from '../../../src/demo/workspace/workspace.ts';

export const botToken = 'xoxb-test';
export const appToken = 'xapp-test';

const people = [
  { id: 'U0ANA', name: 'ana', realName: 'Ana Sousa', tz: 'Europe/Lisbon', email: 'ana@example.org' },
  { id: 'U0BEN', name: 'ben', realName: 'Ben Okafor', tz: 'America/New_York' },
];

const channels = [
  { id: 'C0NORTH', name: 'dist-north' },
  { id: 'C0SOUTH', name: 'dist-south', members: ['U0ANA', 'U0BEN'] },
];

const shipped = readShippedManifest();

/** The shipped app, and what these tests use beyond it. */
const testApp: AppManifest = {
  ...shipped,
  scopes: new Set([...shipped.scopes, 'channels:join', 'app_mentions:read']),
  commands: new Set([...shipped.commands, '/edit']),
  events: new Set(['message.channels', 'app_mention']),
};

export function startTestWorkspace(options: Partial<WorkspaceOptions> = {}): Promise<Workspace> {
  return startWorkspace({ users: people, channels, botToken, appToken, app: testApp, ...options });
}

/** A real Bolt app; `start` connects it by Socket Mode. */
export function createApp(workspace: Workspace): App {
  const receiver = new SocketModeReceiver({
    appToken,
    logLevel: LogLevel.ERROR,
    clientPingTimeout: 300,
    installerOptions: { clientOptions: { slackApiUrl: workspace.apiUrl } },
  });
  return new App({
    token: botToken,
    receiver,
    clientOptions: { slackApiUrl: workspace.apiUrl },
    logLevel: LogLevel.ERROR,
    deferInitialization: true,
  });
}

/** A real client that tries each call once. */
export function createClient(
  workspace: Workspace,
  options: WebClientOptions = {},
  token = botToken,
): WebClient {
  return new WebClient(token, {
    slackApiUrl: workspace.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
    // What Slack complains of is asserted, not printed.
    logger: silent,
    ...options,
  });
}

const nothing = () => {};
const silent = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => LogLevel.ERROR,
  setName: nothing,
};

/** Posts and returns where the message is. */
export async function post(
  client: WebClient,
  message: Readonly<Record<string, unknown>>,
): Promise<{ channel: string; ts: string }> {
  const answer: WebAPICallResult & { channel?: unknown; ts?: unknown } = await client.apiCall(
    'chat.postMessage',
    message,
  );
  return { channel: String(answer.channel), ts: String(answer.ts) };
}

/** Slack's error code for a call that it refuses, with the places it names. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ error: string; messages: readonly string[] }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof WebAPIPlatformError) {
      return { error: error.data.error, messages: error.data.response_metadata?.messages ?? [] };
    }
    throw error;
  }
  throw new Error('the call was not refused');
}

export function section(text: string): object {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

export function button(actionId: string, value: string, text = actionId): object {
  return { type: 'button', action_id: actionId, value, text: { type: 'plain_text', text } };
}
