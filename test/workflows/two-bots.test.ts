import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openPostgres } from '../../src/adapters/postgres/database.ts';
import { createQueue } from '../../src/adapters/queue/queue.ts';
import type { RawMail } from '../../src/domain/mail.ts';
import { createBlankPostgresUrl, createPostgresUrl } from '../support/databases.ts';
import { emptyTables, liveProblems } from '../support/problems.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { silentLog } from '../support/silent-log.ts';
import { alertMail, createWorkbench, deviceAt, start, type Workbench } from '../support/workbench.ts';
import { rule } from '../threshold/rules.ts';

const minute = 60_000;
const clients = Array.from({ length: 12 }, (_, n) => `client-${n + 1}`);
const devices = [
  deviceAt('dist-01', '10.0.0.1', null),
  deviceAt('int-38', '10.38.0.1', 'dist-01'),
  deviceAt('int-58', '10.58.0.1', 'dist-01'),
  ...clients.map((name, n) => deviceAt(name, `10.38.1.${n}`, n < 8 ? 'int-38' : 'int-58')),
];
const policies = {
  thresholds: [rule({ id: 'every' }), rule({ id: 'access', failure: 'access', over: 'region', count: 9 })],
  rootCause: { devices: 5, fraction: null, withinMs: 15 * minute, settleMs: 2000 },
};

describe('A9: two bots on one PostgreSQL', () => {
  let database: Database;
  let bots: readonly [Workbench, Workbench];
  beforeAll(async () => {
    const url = await createPostgresUrl();
    database = await openPostgres(url);
    bots = [
      await createWorkbench(database, policies, devices),
      await createWorkbench(await openPostgres(url), policies, devices),
    ];
  });
  afterAll(async () => {
    for (const bot of bots) await bot.close();
  });

  it('that start at the same time on a new database both come up', async () => {
    const url = await createBlankPostgresUrl();
    const opened = await Promise.all([0, 1].map(() => openPostgres(url)));
    const queues = await Promise.all(opened.map((one) => createQueue(one, silentLog)));
    for (const [index, queue] of queues.entries()) {
      // Each of a bot's connections works, also that on which it came second.
      const asked = Array.from({ length: 20 }, async () => opened[index]?.executeSql('select 1 as one', []));
      expect((await Promise.all(asked)).every((answer) => answer?.rows[0]?.['one'] === 1)).toBe(true);
      await queue.stop();
      await opened[index]?.close();
    }
  });

  const inBatches = (mails: readonly RawMail[], size: number) =>
    Array.from({ length: Math.ceil(mails.length / size) }, (_, n) => mails.slice(n * size, (n + 1) * size));

  it('that take mail in at the same time make the tickets that one bot makes', {
    timeout: 60_000,
  }, async () => {
    const random = createSeededRandom(7);
    const pick = (list: readonly string[]) => list[random.between(0, list.length)] ?? '';
    const mails = Array.from({ length: 240 }, () => {
      const at = new Date(start.getTime() + random.between(0, 120) * minute);
      return alertMail(pick(clients), at, { Failure: pick(['timed out', 'permission denied', 'disk full']) });
    });
    await bots[0].receive(...mails);
    const alone = await liveProblems(database);
    expect(alone).toContainEqual(expect.stringContaining('root-cause'));

    await emptyTables(database);
    const halves = [mails.filter((_, n) => n % 2 === 0), mails.filter((_, n) => n % 2 === 1)] as const;
    // Each bot also gets some of what the other one has: a mailbox and a copy of it.
    const shares = [
      [...halves[0], ...halves[1].slice(0, 40)],
      [...halves[1].toReversed(), ...halves[0].slice(40, 80)],
    ];
    await Promise.all(
      bots.map(async (bot, index) => {
        for (const batch of inBatches(shares[index] ?? [], 7)) await bot.receive(...batch);
      }),
    );
    expect(await liveProblems(database)).toEqual(alone);
  });
});
