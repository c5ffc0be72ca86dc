import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FileStore } from './files.ts';
import { contentType, parseJsonObject, readBody, sendJson, sendText } from './http.ts';
import { applyResponse } from './responses.ts';
import type { WorkspaceState } from './state.ts';
import type { ResponseUrls } from './tokens.ts';
import { errorIn, type NoReply, type Reply, type WebApi } from './web-api/api.ts';
import { ApiError, Arguments } from './web-api/call.ts';

export type Route = (request: IncomingMessage, response: ServerResponse, rest: string) => Promise<void>;

/** `POST /api/METHOD`: a Web API call, as a form or as JSON, with the token as Bearer or as an argument. */
export function apiRoute(api: WebApi): Route {
  return async (request, response, method) => {
    const values = readArguments(request, await readBody(request));
    if (typeof values === 'string') {
      const refused = () => {
        throw new ApiError(values);
      };
      sendReply(response, await api.perform(method, refused));
      return;
    }
    const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const args = new Arguments(values);
    // A token inside of JSON is not looked at.
    const inForm = contentType(request) === 'application/json' ? '' : args.text('token');
    sendReply(response, await api.call(method, bearer ?? inForm, args));
  };
}

/** `POST /response/ID`: an answer to a command or a click. */
export function responseRoute(state: WorkspaceState, urls: ResponseUrls, api: WebApi): Route {
  return async (request, response, id) => {
    const body = parseJsonObject(await readBody(request));
    const reply = await api.perform('response_url', () => {
      if (!body) throw new ApiError('invalid_payload');
      applyResponse(state, urls.redeem(id), body);
      return {};
    });
    sendReply(response, isRefusal(reply) ? { ...reply, status: 404 } : reply);
  };
}

/** `POST /upload/ID`: the content of a file, bare or as the one part of a form. */
export function uploadRoute(files: FileStore): Route {
  return async (request, response, id) => {
    const body = await readBody(request);
    const content = contentType(request) === 'multipart/form-data' ? await readPart(request, body) : body;
    if (content && files.fill(id, content)) sendText(response, 200, `OK - ${content.length}`);
    else sendText(response, 404, 'no such upload');
  };
}

/** `GET /files/ID`: always offered as a download, never shown by the browser as a page of this origin. */
export function fileRoute(files: FileStore): Route {
  return async (_request, response, id) => {
    const file = files.get(id);
    if (!file) {
      sendText(response, 404, 'no such file');
      return;
    }
    const name = encodeURIComponent(file.name);
    response.writeHead(200, {
      'Content-Type': isPng(file.content) ? 'image/png' : 'application/octet-stream',
      'Content-Disposition': `attachment; filename*=UTF-8''${name}`,
    });
    response.end(file.content);
  };
}

/** https://www.w3.org/TR/png-3/#5PNG-file-signature */
function isPng(content: Buffer): boolean {
  return content.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
}

/** The arguments, or Slack's error code for a body that has none. */
function readArguments(request: IncomingMessage, body: Buffer): Readonly<Record<string, unknown>> | string {
  const type = contentType(request);
  const charset = /charset=\s*"?([^\s;"]+)/i.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (type === '' && body.length > 0) return 'missing_post_type';
  if (!/^(utf-8|iso-8859-1)$/i.test(charset)) return 'invalid_charset';
  if (type === 'application/json') return parseJsonObject(body) ?? 'invalid_json';
  if (type !== '' && type !== 'application/x-www-form-urlencoded') return 'invalid_post_type';
  return Object.fromEntries(new URLSearchParams(body.toString()));
}

async function readPart(request: IncomingMessage, body: Buffer): Promise<Buffer | null> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  const form = await new Response(new Uint8Array(body), { headers }).formData();
  const [part] = [...form.values()];
  if (part === undefined) return null;
  return typeof part === 'string' ? Buffer.from(part) : Buffer.from(await part.arrayBuffer());
}

/** A response_url tells a refusal by its status. */
function isRefusal(reply: Reply | NoReply): reply is Reply {
  return typeof reply !== 'string' && reply.status === 200 && errorIn(reply) !== null;
}

function sendReply(response: ServerResponse, reply: Reply | NoReply): void {
  if (reply === 'lost') response.destroy();
  else if (reply !== 'silent') sendJson(response, reply.status, reply.body, reply.headers);
}
