import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTextReader } from '../../../src/adapters/text/text-reader.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let base: string;
let seen: { readonly url: string; readonly authorization: string | undefined }[];
let answers: Record<string, Answer>;

beforeEach(async () => {
  seen = [];
  answers = {};
  server = createServer((request, response) => {
    const url = request.url ?? '';
    seen.push({ url, authorization: request.headers.authorization });
    (answers[url] ?? ((_, missing) => missing.writeHead(404).end()))(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const redirect =
  (location: string): Answer =>
  (_, response) =>
    response.writeHead(302, { location }).end();
const reader = createTextReader({ timeoutMs: 300, maxBytes: 1000 });
const read = (path: string) => reader.read({ url: `${base}${path}`, bearer: () => 'sesame' });

describe('a text by HTTP', () => {
  test('comes whole, and the token goes along', async () => {
    answers['/a'] = (_, response) => void response.end('Köln');
    expect(await read('/a')).toBe('Köln');
    expect(seen).toEqual([{ url: '/a', authorization: 'Bearer sesame' }]);
  });

  test('redirects are followed, and another origin never gets the token', async () => {
    answers['/a'] = redirect(`${base.replace('127.0.0.1', 'localhost')}/b`);
    answers['/b'] = (_, response) => void response.end('there');
    expect(await read('/a')).toBe('there');
    expect(seen.at(-1)).toEqual({ url: '/b', authorization: undefined });
  });

  test.each<[string, Answer, RegExp]>([
    ['another status', (_, response) => void response.writeHead(500).end('secret detail'), /status 500$/],
    ['a redirect to a file', redirect('file:///etc/passwd'), /redirects from http: to file:/],
    ['a redirect in a circle', redirect('/a'), /more than 5 times/],
    ['too long a text', (_, response) => void response.end('x'.repeat(1001)), /longer than 1000 bytes/],
    ['too slow an answer', () => {}, /timeout/],
  ])('%s is refused', async (_case, answer, message) => {
    answers['/a'] = answer;
    const failure = read('/a');
    await expect(failure).rejects.toMatchObject({
      code: 'source-unreadable',
      message: expect.stringMatching(message),
    });
  });

  test('the address is not told: of a shared calendar it is the secret', async () => {
    const failure = createTextReader().read({ url: `${base}/private-7f3a/basic.ics`, bearer: null });
    await expect(failure).rejects.toThrow(/^127\.0\.0\.1:\d+ can't be read: it answered with status 404$/);
  });

  test('nobody there', async () => {
    const failure = reader.read({ url: 'http://127.0.0.1:9/', bearer: null });
    await expect(failure).rejects.toMatchObject({ code: 'source-unreadable' });
  });
});

test('a file that is too long is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'restage-text-'));
  const file = join(folder, 'long.csv');
  await writeFile(file, 'x'.repeat(1001));
  await expect(reader.read({ file })).rejects.toThrow(/longer than 1000 bytes/);
  await rm(folder, { recursive: true });
});
