import { drizzle } from 'drizzle-orm/pglite';
import { afterEach, describe, expect, test } from 'vitest';
import { openHealth } from '../src/app/open-health.ts';
import type { Config } from '../src/config/config.ts';
import type { Deps } from '../src/workflows/deps.ts';
import { silentLog } from './support/silent-log.ts';

type Health = ReturnType<typeof openHealth>;

let health: Health | null = null;
afterEach(() => health?.listener.stop());

/** Asks `/livez` of a bot whose database is embedded, and has owed an answer for so long, in ms. */
async function askLivez(silentMs: (() => number | null) | null): Promise<[status: number, body: string]> {
  const config = { health: { host: '127.0.0.1', port: 0 } } as unknown as Config;
  const database = {
    description: 'a database',
    blank: drizzle.mock(),
    executeSql: () => Promise.reject(new Error('not asked')),
    transaction: () => Promise.reject(new Error('not asked')),
    close: () => Promise.resolve(),
    ...(silentMs && { silentMs }),
  };
  health = openHealth(config, { log: silentLog } as unknown as Deps, database);
  await health.listener.start();
  const response = await fetch(`http://127.0.0.1:${health.listener.port}/livez`);
  return [response.status, await response.text()];
}

describe('the probe whether the bot works at all', () => {
  test('fails when the thread of the embedded database has not answered for over five minutes', async () => {
    const [status, body] = await askLivez(() => 300_001);
    expect(status).toBe(503);
    expect(body).toContain('thread-silent');
  });

  test.each([
    ['owes no answer', () => null],
    ['is at work', () => 20_000],
  ])('passes when the thread of the embedded database %s', async (_, silentMs) => {
    expect((await askLivez(silentMs))[0]).toBe(200);
  });

  test('passes with a database server, which has no thread', async () => {
    expect((await askLivez(null))[0]).toBe(200);
  });
});
