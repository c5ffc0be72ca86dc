import { controlRoutes } from './control-routes.ts';
import { FaultQueue, type Fault, isMethodFault } from './faults.ts';
import { FileStore } from './files.ts';
import type { ViewValues } from './entered-values.ts';
import { createInProcessFetch, type Fetch } from './in-process.ts';
import { type Interaction, Interactions } from './interactions.ts';
import { LateEffects } from './late-effects.ts';
import type { Change, OpenView, PostedMessage, WorkspaceUser } from './model.ts';
import { type AppManifest, readShippedManifest } from './manifest.ts';
import { Outage } from './outage.ts';
import { Payloads } from './payloads.ts';
import { RateLimits } from './rate-limits.ts';
import { closeServer, listen, type Routes, serveRoutes } from './server.ts';
import type { Signal } from './signal.ts';
import { apiRoute, fileRoute, responseRoute, uploadRoute } from './slack-routes.ts';
import { SocketHub } from './sockets.ts';
import { appId, type ChannelOptions, type Team, WorkspaceState } from './state.ts';
import { ResponseUrls, Triggers } from './tokens.ts';
import { uiRoutes } from './ui-routes.ts';
import { ViewStore } from './views.ts';
import { waitFor } from './wait-for.ts';
import { type CallRecord, WebApi } from './web-api/api.ts';
import type { Methods } from './web-api/call.ts';
import { blockMethods } from './web-api/blocks.ts';
import { chatMethods } from './web-api/chat.ts';
import { conversationMethods } from './web-api/conversations.ts';
import { fileMethods } from './web-api/files.ts';
import { peopleMethods, type UserGroup } from './web-api/people.ts';
import { viewMethods } from './web-api/views.ts';

export type { PostedMessage } from './model.ts';

export interface WorkspaceOptions {
  /** 0, the default, takes a free port; always on 127.0.0.1. */
  readonly port?: number;
  readonly team?: Team;
  readonly users: readonly WorkspaceUser[];
  readonly channels: readonly ChannelOptions[];
  readonly userGroups?: readonly UserGroup[];
  readonly botToken: string;
  readonly appToken: string;
  /** What the app has asked for; left out: the manifest that the package ships. */
  readonly app?: AppManifest;
  /** Slack's clock: what time messages bear, by which triggers and response URLs expire and calls are counted. */
  readonly now?: () => Date;
  /** `slack`, the default: calls beyond Slack's rate limits get 429. Limits of size hold in any case. */
  readonly limits?: 'slack' | 'off';
}

interface WorkspaceEvents {
  readonly change: Change;
  readonly interaction: Interaction;
  readonly call: CallRecord;
}

/** A simulated Slack workspace: the Web API, Socket Mode, and a page to see and use it in a browser. */
export interface Workspace {
  /** The page. */
  readonly url: string;
  /** For the clients' `slackApiUrl`. */
  readonly apiUrl: string;
  /** Reaches the Web API in this process, without a connection. */
  readonly fetch: Fetch;
  /** Sockets that the app has open now. */
  readonly connections: number;
  /** All messages of a channel, oldest first, threads and ephemeral ones too. By id, name, or `dm:USERID`. */
  messages(channel: string): readonly PostedMessage[];
  calls(): readonly CallRecord[];
  /** Uses a button (or picks the option with this value); resolves once the app has acknowledged it. */
  click(
    userId: string,
    channel: string,
    ts: string,
    actionId: string,
    value?: string,
  ): Promise<{ readonly ack: unknown }>;
  /** Sends a slash command such as `/redistribute int-38`; its answer is shown to this person only. */
  command(userId: string, channel: string, text: string): Promise<{ readonly ack: unknown }>;
  /** A plain message by a person. */
  say(userId: string, channel: string, text: string, threadTs?: string): PostedMessage;
  submitView(userId: string, viewId: string, values: ViewValues): Promise<unknown>;
  /** An admin closes a channel to all new messages. */
  archive(channel: string): void;
  /** An admin takes away a person's account: nothing comes from them, nothing reaches them. */
  deactivate(userId: string): void;
  /** The modals and Home tabs open now. */
  views(): readonly OpenView[];
  /** Resolves with the first value of `probe` that is not null, undefined or false; looks again at every change. */
  waitFor<T>(probe: () => T | null | undefined | false, what: string, timeoutMs?: number): Promise<T>;
  on<K extends keyof WorkspaceEvents>(event: K, listener: (data: WorkspaceEvents[K]) => void): () => void;
  misbehave(fault: Fault): void;
  close(): Promise<void>;
}

/** Starts a workspace whose people and channels are these; rejects when the port is taken. */
export async function startWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const { server, port } = await listen(options.port ?? 0);
  const parts = buildParts(options, port);
  serveRoutes(server, { ...parts, routes: buildRoutes(parts) });
  const { state, api, sockets, interactions, views } = parts;
  const find = (reference: string) => {
    const channel = state.findConversation(reference);
    if (!channel) throw new Error(`no such channel in the workspace: ${reference}`);
    return channel;
  };
  const signals: { readonly [K in keyof WorkspaceEvents]: Signal<WorkspaceEvents[K]> } = {
    change: state.changes,
    interaction: interactions.happened,
    call: api.called,
  };
  return {
    url: parts.url,
    apiUrl: `${parts.url}/api/`,
    fetch: createInProcessFetch(parts.api, `${parts.url}/api/`, parts.now),
    get connections() {
      return sockets.connections;
    },
    messages(channel) {
      parts.lateEffects.settle();
      return state.messages(find(channel).id);
    },
    calls: () => [...api.calls],
    click: async (userId, channel, ts, actionId, value) => ({
      ack: await interactions.click({ userId, channel, ts, actionId, value: value ?? null, values: {} }),
    }),
    command: async (userId, channel, text) => ({ ack: await interactions.command(userId, channel, text) }),
    say: (userId, channel, text, threadTs) => interactions.say(userId, channel, text, threadTs ?? null),
    submitView: (userId, viewId, values) => interactions.submitView({ userId, viewId, hash: null, values }),
    archive: (channel) => state.archive(find(channel)),
    deactivate: (userId) => deactivate(state, views, userId),
    views: () => views.all(),
    waitFor: (probe, what, timeoutMs = 10_000) => waitFor(Object.values(signals), probe, what, timeoutMs),
    on: (event, listener) => signals[event].listen(listener),
    misbehave: (fault) => misbehave(parts, fault),
    close: async () => {
      parts.lateEffects.close();
      parts.outage.end();
      await sockets.close();
      await closeServer(server);
    },
  };
}

type Parts = ReturnType<typeof buildParts>;

function buildParts(options: WorkspaceOptions, port: number) {
  const clock = { offsetMs: 0 };
  const now = () => new Date((options.now?.() ?? new Date()).getTime() + clock.offsetMs);
  const url = `http://127.0.0.1:${port}`;
  const team = options.team ?? { id: 'T0RESTAGE', name: 'Restage demo' };
  const state = new WorkspaceState({
    team,
    users: options.users,
    channels: options.channels,
    app: options.app ?? readShippedManifest(),
    now,
  });
  const sockets = new SocketHub();
  sockets.counts.listen((count) => state.changes.emit({ kind: 'connections', count }));
  const views = new ViewStore(state.changes);
  const files = new FileStore();
  const triggers = new Triggers(now);
  const responseUrls = new ResponseUrls(`${url}/response`, now);
  const faults = new FaultQueue();
  const lateEffects = new LateEffects(now);
  const socketUrl = () => `ws://127.0.0.1:${port}/link/?ticket=${sockets.issueTicket()}&app_id=${appId}`;
  const methods: Methods = {
    'apps.connections.open': () => ({ url: socketUrl() }),
    ...blockMethods,
    ...chatMethods(state, files, url),
    ...conversationMethods(state),
    ...peopleMethods(state, options.userGroups ?? [], url),
    ...viewMethods(state, views, triggers),
    ...fileMethods(state, files, `${url}/upload`),
  };
  const rateLimits = options.limits === 'off' ? null : new RateLimits(now);
  const { botToken, appToken } = options;
  const api = new WebApi({ methods, botToken, appToken, rateLimits, faults, lateEffects, state });
  const payloads = new Payloads(state, triggers, responseUrls);
  const interactions = new Interactions({ state, sockets, views, payloads });
  const outage = new Outage();
  return {
    url,
    state,
    sockets,
    views,
    files,
    responseUrls,
    faults,
    lateEffects,
    outage,
    clock,
    now,
    api,
    interactions,
  };
}

function buildRoutes(parts: Parts): Routes {
  const { state, views, files, responseUrls, api, interactions, sockets, lateEffects } = parts;
  return {
    'POST /api': apiRoute(api),
    'POST /response': responseRoute(state, responseUrls, api),
    'POST /upload': uploadRoute(files),
    'GET /files': fileRoute(files),
    ...uiRoutes({ state, views, interactions, sockets }),
    ...controlRoutes({
      misbehave: (fault) => misbehave(parts, fault),
      messages() {
        lateEffects.settle();
        return state.conversations().flatMap(({ id }) => state.messages(id));
      },
      calls: () => api.calls,
    }),
  };
}

function misbehave({ faults, sockets, outage, clock }: Parts, fault: Fault): void {
  if (isMethodFault(fault)) return faults.add(fault);
  switch (fault.kind) {
    case 'clock':
      clock.offsetMs = fault.offsetMs;
      return;
    case 'outage':
      outage.begin(fault.how);
      return sockets.misbehave({ kind: fault.how === 'silent' ? 'half-open' : 'drop-sockets' });
    case 'heal':
      faults.clear();
      outage.end();
      return sockets.heal();
    default:
      return sockets.misbehave(fault);
  }
}

function deactivate(state: WorkspaceState, views: ViewStore, userId: string): void {
  const user = state.users.get(userId);
  if (!user || user.isBot) throw new Error(`no such person in the workspace: ${userId}`);
  views.closeModals(userId);
  state.deactivate(user);
}
