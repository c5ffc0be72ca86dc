import { expect, test } from 'vitest';
import { createNetPingMeans } from '../../../src/adapters/ping/net-ping-means.ts';
import { silentLog } from '../../support/silent-log.ts';

const never = new AbortController().signal;

/** Stands in for net-ping where no network can be made to behave so: sessions that break, callbacks that never come. */
function createFake() {
  const sessions: FakeSession[] = [];
  class FakeSession {
    breakDown = () => {};
    readonly sessionId: number;

    constructor(options: { sessionId: number }) {
      this.sessionId = options.sessionId;
      sessions.push(this);
    }

    on(event: string, listener: () => void): void {
      if (event === 'close') this.breakDown = listener;
    }

    close(): void {}
    pingHost(): void {}
    traceRoute(): void {}
  }
  const netPing = { Session: FakeSession };
  const open = (timeoutMs: number): ReturnType<typeof createNetPingMeans> =>
    Reflect.apply(createNetPingMeans, null, [netPing, { timeoutMs, log: silentLog }]);
  return { sessions, open };
}

test('a library that never calls back costs a silent ping, no more', async () => {
  const { open } = createFake();
  const result = await open(1).ping('127.0.0.1', 1, never);
  expect(result).toMatchObject({ sent: 1, received: 0, ownUplinkDown: false });
});

test('what is aborted while it waits opens no socket', async () => {
  const { sessions, open } = createFake();
  const means = open(1000);
  const controller = new AbortController();
  const probes = [
    means.ping('127.0.0.1', 3, controller.signal),
    means.traceroute('127.0.0.1', controller.signal),
  ];
  const ended = Promise.allSettled(probes);
  controller.abort('closing');
  means.close();
  expect(await ended).toMatchObject([
    { status: 'rejected', reason: 'closing' },
    { status: 'rejected', reason: 'closing' },
  ]);
  expect(sessions).toHaveLength(1);
});

test('one socket serves every probe; when it breaks, another one with an id of its own', async () => {
  const { sessions, open } = createFake();
  const means = open(1);
  await Promise.all(['127.0.0.1', '127.0.0.2', '127.0.0.3'].map((ip) => means.ping(ip, 1, never)));
  expect(sessions).toHaveLength(1);
  sessions[0]?.breakDown();
  await means.ping('127.0.0.1', 1, never);
  expect(sessions).toHaveLength(2);
  for (const { sessionId } of sessions) expect(sessionId).toBeGreaterThan(0);
});
