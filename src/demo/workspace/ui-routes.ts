import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { contentType, parseJsonObject, readBody, sendJson, sendText } from './http.ts';
import { InteractionError } from './interaction-error.ts';
import type { Interactions } from './interactions.ts';
import { readViewValues, type ViewValues } from './entered-values.ts';
import type { Conversation } from './model.ts';
import type { Routes } from './server.ts';
import type { SocketHub } from './sockets.ts';
import { botUserId, type WorkspaceState } from './state.ts';
import type { ViewStore } from './views.ts';

interface UiParts {
  readonly state: WorkspaceState;
  readonly views: ViewStore;
  readonly interactions: Interactions;
  readonly sockets: SocketHub;
}

const pageFolder = new URL('./page/', import.meta.url);
const assetTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page and what it does. That no other site's page gets here is the server's care: see `isFromHere`. */
export function uiRoutes(parts: UiParts): Routes {
  return {
    'GET /': (_request, response) => sendAsset(response, 'index.html'),
    // Where permalinks lead.
    'GET /archives': (_request, response) => sendAsset(response, 'index.html'),
    'GET /page': (_request, response, name) => sendAsset(response, name),
    'GET /ui': async (_request, response, name) => {
      if (name === 'events') followChanges(parts, response);
      else sendText(response, 404, 'not found');
    },
    'POST /ui': (request, response, name) => act(parts.interactions, request, response, name),
  };
}

async function sendAsset(response: ServerResponse, name: string): Promise<void> {
  const type = /^[a-z-]+\.(html|js|css)$/.exec(name)?.[1];
  const content = type === undefined ? null : await readFile(new URL(name, pageFolder)).catch(() => null);
  if (type === undefined || content === null) {
    sendText(response, 404, 'not found');
    return;
  }
  response.writeHead(200, {
    'Content-Type': assetTypes[type],
    'Cache-Control': 'no-cache',
    'Content-Security-Policy': contentSecurityPolicy,
    'Referrer-Policy': 'no-referrer',
  });
  response.end(content);
}

/** Server-Sent Events: everything first, then each change. */
function followChanges({ state, views, sockets }: UiParts, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  const send = (event: string, data: object) =>
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  send('snapshot', {
    team: state.team,
    botUserId,
    users: [...state.users.values()],
    channels: state.conversations().map(toPageChannel),
    messages: state.conversations().flatMap((one) => state.messages(one.id)),
    views: views.all(),
    connections: sockets.connections,
  });
  const stop = state.changes.listen((change) => send('change', change));
  response.on('close', stop);
}

function toPageChannel({ id, name, dmWith, members }: Conversation): object {
  return { id, name, dmWith, members: [...members] };
}

async function act(
  interactions: Interactions,
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
): Promise<void> {
  // A form of another site can't have this type without asking first.
  const body = contentType(request) === 'application/json' ? parseJsonObject(await readBody(request)) : null;
  const run = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!body || !run) {
    sendText(response, 400, 'bad request');
    return;
  }
  try {
    sendJson(response, 200, { ok: true, result: (await run(interactions, new Form(body))) ?? null });
  } catch (error) {
    if (!(error instanceof InteractionError)) throw error;
    sendJson(response, 409, { ok: false, error: error.message });
  }
}

const actions: Readonly<Record<string, (interactions: Interactions, form: Form) => unknown>> = {
  click: (interactions, form) =>
    interactions.click({
      userId: form.text('userId'),
      channel: form.text('channel'),
      ts: form.text('ts'),
      actionId: form.text('actionId'),
      value: form.optional('value'),
      values: form.values(),
    }),
  command: (interactions, form) =>
    interactions.command(form.text('userId'), form.text('channel'), form.text('text')),
  message: (interactions, form) =>
    interactions.say(form.text('userId'), form.text('channel'), form.text('text'), form.optional('threadTs')),
  'submit-view': (interactions, form) =>
    interactions.submitView({
      userId: form.text('userId'),
      viewId: form.text('viewId'),
      hash: form.optional('hash'),
      values: form.values(),
    }),
  'close-view': (interactions, form) => interactions.closeView(form.text('userId'), form.text('viewId')),
};

class Form {
  readonly #body: Readonly<Record<string, unknown>>;

  constructor(body: Readonly<Record<string, unknown>>) {
    this.#body = body;
  }

  text(name: string): string {
    return this.optional(name) ?? '';
  }

  optional(name: string): string | null {
    const value = this.#body[name];
    return typeof value === 'string' ? value : null;
  }

  values(): ViewValues {
    return readViewValues(this.#body['values']);
  }
}
