import { EventEmitter, once } from 'node:events';
import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { HttpIntake, HttpIntakeOptions } from '../../../src/adapters/http/http-intake.ts';
import { createHttpIntake } from '../../../src/adapters/http/http-intake.ts';
import { fails, passes } from '../../../src/domain/health.ts';
import type { MailFate } from '../../../src/domain/mail.ts';
import { silentLog } from '../../support/silent-log.ts';

const accepted: MailFate = { state: 'accepted', gate: 'node', reason: 'node-known' };
let running: HttpIntake[] = [];

afterEach(async () => {
  const started = running;
  running = [];
  await Promise.all(started.map((intake) => intake.stop()));
});

interface Received {
  readonly source: string;
  readonly body: string;
  readonly key: string | null;
}

async function startIntake(options: Partial<HttpIntakeOptions> = {}) {
  const received: Received[] = [];
  const intake = createHttpIntake({
    host: '127.0.0.1',
    port: 0,
    maxBytes: 1_000,
    tokens: [
      { source: 'ops', token: () => 'ops-token', busyStatus: 429 },
      { source: 'prometheus', token: () => 'prometheus-token', busyStatus: 503 },
      { source: 'unset', token: () => '', busyStatus: 429 },
    ],
    receive: async (source, body, key) => {
      received.push({ source, body: Buffer.from(body).toString(), key });
      return { alerts: [accepted] };
    },
    beginCheck: () => () => null,
    readiness: async () => [passes('database')],
    metrics: async () => ({ contentType: 'text/plain', text: 'restage_mails 1\n' }),
    log: silentLog,
    ...options,
  });
  running.push(intake);
  await intake.start();
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`http://127.0.0.1:${intake.port}${path}`, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text };
  };
  const post = (body: string, headers: Record<string, string> = { Authorization: 'Bearer ops-token' }) =>
    call('/alerts', { method: 'POST', body, headers });
  return { intake, received, call, post };
}

test('A1: the HTTP listener says what to do where it can not listen', async () => {
  await expect(startIntake({ host: '192.0.2.1', port: 8080 })).rejects.toThrow(
    "Can't listen on 192.0.2.1 port 8080 (intake.http in the config): this machine has no such address; choose one of its own as the host.",
  );
});

describe('A1: POST /alerts', () => {
  test('is taken from whoever has a token, which says who it is', async () => {
    const { post, received } = await startIntake();
    const answer = await post('{"device":"int-38"}', {
      Authorization: 'Bearer prometheus-token',
      'Idempotency-Key': 'k-1',
    });
    expect(answer).toMatchObject({ status: 200 });
    expect(JSON.parse(answer.text)).toEqual({ received: 1, alerts: [accepted] });
    expect(received).toEqual([{ source: 'prometheus', body: '{"device":"int-38"}', key: 'k-1' }]);
  });

  test.each([
    ['no token', {}],
    ['a wrong token', { Authorization: 'Bearer ops-tokem' }],
    ['a part of a token', { Authorization: 'Bearer ops' }],
    ['an empty token', { Authorization: 'Bearer ' }],
    ['a password', { Authorization: 'Basic b3BzOm9wcy10b2tlbg==' }],
  ])('with %s is 401, and nothing is read', async (_what, headers) => {
    const { post, received } = await startIntake();
    const answer = await post('{}', headers);
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text)).toEqual({ error: expect.stringContaining('Bearer TOKEN') });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(received).toEqual([]);
  });

  test('is 503 with Retry-After while nothing can be stored, and 200 only after the commit', async () => {
    let isAway = true;
    let committed = false;
    const { post } = await startIntake({
      receive: async () => {
        if (isAway) throw new Error('database-unavailable');
        await new Promise((resolve) => setImmediate(resolve));
        committed = true;
        return { alerts: [accepted, accepted] };
      },
    });
    const refused = await post('{}');
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    isAway = false;
    expect((await post('{}')).status).toBe(200);
    expect(committed).toBe(true);
  });

  test('that says nothing useful is 400, with what is wrong', async () => {
    const { post } = await startIntake({ receive: async () => ({ fault: 'an alert is an object' }) });
    expect(await post('[]')).toMatchObject({ status: 400, text: '{"error":"an alert is an object"}\n' });
  });

  test('that is too long is 413, whether its length is announced or not', async () => {
    const { intake, post, received } = await startIntake();
    expect((await post('x'.repeat(1_001))).status).toBe(413);
    expect(await postInPieces(intake.port, 'x'.repeat(600), 3)).toBe(413);
    expect((await post('x'.repeat(1_000))).status).toBe(200);
    expect(received).toHaveLength(1);
  });

  test('that is compressed is 415', async () => {
    const { post } = await startIntake();
    const headers = { Authorization: 'Bearer ops-token', 'Content-Encoding': 'gzip' };
    expect((await post('{}', headers)).status).toBe(415);
  });

  test('is never turned away for coming often', async () => {
    const { post } = await startIntake();
    const answers = await Promise.all(Array.from({ length: 200 }, () => post('{}')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  test('is answered before the listener stops', async () => {
    const events = new EventEmitter();
    const called = once(events, 'called');
    const { intake, post } = await startIntake({
      receive: async () => {
        const released = once(events, 'release');
        events.emit('called');
        await released;
        return { alerts: [accepted] };
      },
    });
    const answer = post('{}');
    await called;
    const stopped = intake.stop();
    expect(intake.health()).toMatchObject({ intake: 'http', connected: false });
    events.emit('release');
    expect((await answer).status).toBe(200);
    await stopped;
  });
});

describe('A1: beside it', () => {
  test('GET /healthz says whether every check passes', async () => {
    let checks = [passes('database')];
    const { call, intake } = await startIntake({ readiness: async () => checks });
    const well = await call('/healthz');
    expect(well.status).toBe(200);
    expect(JSON.parse(well.text)).toEqual({ status: 'ok', checks });
    expect(intake.health().connected).toBe(true);
    checks = [passes('database'), fails('intake smtp', 'stuck', 'under way for 130 s')];
    const stuck = await call('/healthz');
    expect(stuck.status).toBe(503);
    expect(JSON.parse(stuck.text)).toEqual({ status: 'failed', checks });
  });

  test('GET /metrics', async () => {
    const { call } = await startIntake();
    expect(await call('/metrics?x=1')).toMatchObject({ status: 200, text: 'restage_mails 1\n' });
  });

  test.each([
    ['GET', '/alerts', 405],
    ['POST', '/metrics', 405],
    ['GET', '/', 404],
    ['GET', '/alerts/../etc', 404],
  ])('%s %s is %i', async (method, path, status) => {
    const { call } = await startIntake();
    const answer = await call(path, { method });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toHaveProperty('error');
  });
});

/** A body of which nobody says beforehand how long it gets. */
function postInPieces(port: number, piece: string, times: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: 'Bearer ops-token', 'Transfer-Encoding': 'chunked' };
    const call = request(
      { port, host: '127.0.0.1', path: '/alerts', method: 'POST', headers },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    call.on('error', reject);
    for (let n = 0; n < times; n += 1) call.write(piece);
    call.end();
  });
}
