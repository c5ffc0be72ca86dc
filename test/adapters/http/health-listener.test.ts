import { afterEach, describe, expect, it } from 'vitest';
import {
  createHealthListener,
  type HealthListener,
  type HealthListenerOptions,
} from '../../../src/adapters/http/health-listener.ts';
import { fails, type HealthCheck, passes } from '../../../src/domain/health.ts';
import { silentLog } from '../../support/silent-log.ts';

let running: HealthListener[] = [];

afterEach(async () => {
  const started = running;
  running = [];
  await Promise.all(started.map((listener) => listener.stop()));
});

async function startListener(options: Partial<HealthListenerOptions> = {}) {
  const listener = createHealthListener({
    host: '127.0.0.1',
    port: 0,
    threadSilentMs: () => null,
    readiness: async () => [passes('database')],
    metrics: async () => ({ contentType: 'text/plain', text: 'restage_mails 1\n' }),
    log: silentLog,
    ...options,
  });
  running.push(listener);
  await listener.start();
  return async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`http://127.0.0.1:${listener.port}${path}`, init);
    return { status: response.status, text: await response.text() };
  };
}

describe('the health listener', () => {
  it('GET /livez looks at the process alone, whatever fails outside', async () => {
    const call = await startListener({ readiness: async () => [fails('database', 'database-silent')] });
    const { status, text } = await call('/livez');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      status: 'ok',
      checks: [
        {
          check: 'event-loop',
          state: 'ok',
          reason: null,
          detail: expect.stringMatching(/^late by up to \d+ ms$/),
        },
        passes('database-thread'),
      ],
    });
  });

  it('GET /livez is 503 when the thread of the embedded database has owed an answer for minutes', async () => {
    const call = await startListener({ threadSilentMs: () => 301_000 });
    const { status, text } = await call('/livez');
    expect(status).toBe(503);
    expect(JSON.parse(text).checks[1]).toEqual(
      fails('database-thread', 'thread-silent', 'no answer for 301 s'),
    );
  });

  it('GET /readyz shows each check with its state and reason, and is 503 when one fails', async () => {
    let checks: readonly HealthCheck[] = [passes('database'), passes('counting')];
    const call = await startListener({ readiness: async () => checks });
    expect((await call('/readyz')).status).toBe(200);
    checks = [passes('database'), fails('counting', 'not-counting', 'work waits')];
    const { status, text } = await call('/readyz?verbose');
    expect(status).toBe(503);
    expect(JSON.parse(text)).toEqual({ status: 'failed', checks });
  });

  it('GET /metrics is Prometheus’ text, and 503 while the numbers can not be read', async () => {
    let isAway = false;
    const metrics = async () => {
      if (isAway) throw new Error('away');
      return { contentType: 'text/plain', text: 'restage_mails 1\n' };
    };
    const call = await startListener({ metrics });
    expect(await call('/metrics')).toEqual({ status: 200, text: 'restage_mails 1\n' });
    isAway = true;
    expect((await call('/metrics')).status).toBe(503);
  });

  it.each([
    ['POST', '/readyz', 405],
    ['GET', '/', 404],
    ['GET', '/healthz', 404],
  ])('%s %s is %i', async (method, path, status) => {
    const call = await startListener();
    expect((await call(path, { method })).status).toBe(status);
  });

  it('says what to do when its port is taken', async () => {
    await startListener();
    const port = running[0]?.port ?? 0;
    await expect(startListener({ port })).rejects.toThrow(
      `Can't listen on 127.0.0.1 port ${port} (health in the config): another program listens there; stop it, or choose another port.`,
    );
  });
});
