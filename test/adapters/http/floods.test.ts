import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpIntake, type HttpIntake } from '../../../src/adapters/http/http-intake.ts';
import { passes } from '../../../src/domain/health.ts';
import { beginBodyCheck } from '../../../src/workflows/intake/receive-json.ts';
import { silentLog } from '../../support/silent-log.ts';

let intake: HttpIntake;
let sockets: Socket[] = [];
const received: string[] = [];

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  received.length = 0;
  await intake.stop();
});

async function startIntake(maxBytes = 10_000_000): Promise<void> {
  intake = createHttpIntake({
    host: '127.0.0.1',
    port: 0,
    maxBytes,
    tokens: [
      { source: 'ops', token: () => 'ops-token', busyStatus: 429 },
      { source: 'prometheus', token: () => 'prometheus-token', busyStatus: 503 },
    ],
    beginCheck: beginBodyCheck,
    receive: async (source) => {
      received.push(source);
      return { alerts: [] };
    },
    readiness: async () => [passes('database')],
    metrics: async () => ({ contentType: 'text/plain', text: '' }),
    log: silentLog,
  });
  await intake.start();
}

function connect(): Socket {
  const socket = createConnection(intake.port, '127.0.0.1');
  socket.on('error', () => {});
  sockets.push(socket);
  return socket;
}

const head = (length: number | 'chunked', token = 'ops-token', more = '') =>
  `POST /alerts HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n${more}${
    length === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`
  }\r\n\r\n`;

async function post(body: string, token = 'ops-token') {
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(`http://127.0.0.1:${intake.port}/alerts`, { method: 'POST', body, headers });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Says something by hand, and returns the status of what is answered; `null` if the connection just ends. */
async function statusOf(said: string | Buffer): Promise<string | null> {
  const socket = connect();
  socket.write(said);
  const [answer] = (await Promise.race([once(socket, 'data'), once(socket, 'close')])) as [unknown];
  return /^HTTP\/1\.1 (\d{3})/.exec(String(answer))?.[1] ?? null;
}

describe('a body that costs more than it is worth', () => {
  it.each([
    ['ten million brackets', `${'['.repeat(5_000_000)}${']'.repeat(4_999_999)}`, 'nested more than 32'],
    ['three million empty objects', `[${'{},'.repeat(3_300_000)}{}]`, 'more than 500000 values'],
  ])('of %s is 400 with what is wrong, and never gets to the parser', async (_what, body, error) => {
    await startIntake();
    expect(await post(body)).toMatchObject({ status: 400, body: { error: expect.stringContaining(error) } });
    expect(received).toEqual([]);
  });

  it('is answered before its sender has sent all of it', async () => {
    await startIntake();
    expect(await statusOf(`${head(9_000_000)}${'['.repeat(100)}`)).toBe('400');
  });
});

describe('more than fits into memory', () => {
  it('is 429 with Retry-After, for Alertmanager 503, until there is room again', async () => {
    await startIntake();
    // One that is refused itself, as another body came in just then, begins again.
    const hold = (bytes: number): void => {
      const socket = connect().once('data', () => hold(bytes));
      socket.write(`${head(10_000_000)}[${' '.repeat(bytes)}`);
    };
    for (const bytes of [9_900_000, 9_900_000, 4_000_000]) hold(bytes);
    const large = JSON.stringify(Array.from({ length: 20 }, () => 'a'.repeat(50_000)));
    const retryAfter = async (token?: string) => {
      const { status, headers } = await post(large, token);
      return [status, Number(headers.get('retry-after')) > 0];
    };
    await expect.poll(() => retryAfter(), { timeout: 20_000 }).toEqual([429, true]);
    await expect.poll(() => retryAfter('prometheus-token'), { timeout: 20_000 }).toEqual([503, true]);
    for (const socket of sockets) socket.destroy();
    await expect.poll(async () => (await post(large)).status).toBe(200);
  });
});

describe('odd HTTP', () => {
  it.each([
    ['headers without end', `POST /alerts HTTP/1.1\r\n${'X-A: b\r\n'.repeat(5_000)}`, '431'],
    ['a length that is none', head(7).replace('7', 'x'), '400'],
    ['a length and chunks at once', head(7, 'ops-token', 'Transfer-Encoding: chunked\r\n'), '400'],
    ['a chunk whose size is none', `${head('chunked')}zz\r\n`, '400'],
    ['no HTTP at all', '\0\x01\x02\r\n\r\n', '400'],
    ['a packed body', head(7, 'ops-token', 'Content-Encoding: gzip\r\n'), '415'],
    ['a body that is too long', head(10_000_001), '413'],
  ])('%s is answered', async (_what, said, status) => {
    await startIntake();
    expect(await statusOf(said)).toBe(status);
  });

  it('requests that follow each other on one connection are answered in their order', async () => {
    await startIntake();
    const socket = connect();
    socket.write(`${head(2)}{}`.repeat(50));
    socket.end(`GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    const answers = await text(socket);
    expect(answers.match(/^HTTP\/1\.1 200/gm)).toHaveLength(51);
  });
});

it('a body that is still on its way does not hold up a stop', async () => {
  await startIntake();
  const socket = connect();
  socket.write(`${head(1_000)}[`);
  await once(socket, 'connect');
  expect((await post('{}')).status).toBe(200);
  await intake.stop();
  expect(intake.health().connected).toBe(false);
});
