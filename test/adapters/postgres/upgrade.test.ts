import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openPostgres } from '../../../src/adapters/postgres/database.ts';
import { openPostgresServer } from '../../../src/adapters/postgres/server/open-postgres.ts';
import { compileFormats } from '../../../src/alert/formats.ts';
import { plainFormat } from '../../../src/alert/shipped-formats.ts';
import { sweep } from '../../../src/workflows/sweep.ts';
import { createBlankPostgresUrl } from '../../support/databases.ts';
import { alertMail, createWorkbench, start, type Workbench } from '../../support/workbench.ts';

const minute = 60_000;
const hour = 60 * minute;
const after = (minutes: number) => new Date(start.getTime() + minutes * minute);
const drizzle = new URL('../../../drizzle', import.meta.url).pathname;
/** The last migration of the version from before symptoms. */
const lastBefore = '0009_oval_oracle';

const backFormat = {
  ...plainFormat,
  name: 'back',
  literals: [{ in: 'subject', text: 'RECOVERED' }],
  match: [{ in: 'subject', pattern: 'RECOVERED' }],
  recovers: [{ in: 'subject', pattern: 'RECOVERED' }],
} as const;

/** A folder with the migrations of the version before. */
function migrationsBefore(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'restage-upgrade-'));
  cpSync(drizzle, folder, { recursive: true });
  const file = path.join(folder, 'meta', '_journal.json');
  const journal = JSON.parse(readFileSync(file, 'utf8')) as { entries: { tag: string }[] };
  const last = journal.entries.findIndex(({ tag }) => tag === lastBefore);
  writeFileSync(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, last + 1) }));
  return folder;
}

const diagnosis = {
  verdict: 'device-down',
  reason: '10.58.0.1 answered none of 2 pings',
  hop: null,
  at: null,
  evidence: {
    target: {
      address: '10.58.0.1',
      sent: 2,
      received: 0,
      rttMs: null,
      ownUplinkDown: false,
      unreachableFrom: null,
    },
    upstream: null,
    route: null,
    ports: [],
    path: [],
    probedAt: start.toISOString(),
  },
};

async function insertTicket(database: Database, failure: string): Promise<void> {
  const { rows } = await database.executeSql(
    `insert into tickets (counter, failure, subject, device, state, reason, region, alert_count, first_at, last_at,
       announced, diagnosis, channel, opened_at, check_at, counts_from)
     values ($1, $2, 'int-58', 'int-58', 'open', 'device-down', 'eu', 3, $3, $4, 'timed out', $5, 'maint-eu', $4, $4, $3)
     returning id`,
    [
      `${failure}|device:int-58`,
      failure,
      start.toISOString(),
      after(2).toISOString(),
      JSON.stringify(diagnosis),
    ],
  );
  for (const ordinal of [0, 1, 2])
    await database.executeSql(
      `insert into alerts (mail_id, ordinal, device, package, failure, announced, distribution_server, job, attempt, at,
         counter, rule_id, state, reason, ticket_id, device_name)
       values ($1 + 1000, $2, 'int-58', 'geo-db', $3, 'timed out', 'int-38', 'J1', 1, $4, $5, 'thresholds[0]', 'ticketed',
         'ticket-is-open', $1, 'int-58')`,
      [rows[0]?.['id'], ordinal, failure, after(ordinal).toISOString(), `${failure}|device:int-58`],
    );
}

describe('a database of the version before symptoms', () => {
  let bench: Workbench;
  let folder: string;

  beforeEach(async () => {
    const url = await createBlankPostgresUrl();
    folder = migrationsBefore();
    const before = await openPostgresServer(url, folder);
    await insertTicket(before, 'connection');
    await insertTicket(before, 'access');
    await before.close();
    const formats = compileFormats([backFormat, plainFormat]);
    bench = await createWorkbench(await openPostgres(url), { formats });
  });
  afterEach(async () => {
    await bench.close();
    rmSync(folder, { recursive: true });
  });

  const settle = async (ms = 3_000) => {
    bench.pass(ms);
    bench.jobs.push(...(await sweep(bench.deps)));
    await bench.work();
  };
  const ticket = (id: number) => bench.deps.store.transaction((tx) => tx.ticket(id));

  it('keeps its open tickets: they take in further alerts, and word of recovery clears what it names', async () => {
    await bench.receive(alertMail('int-58', after(10)));
    await settle();
    expect(await ticket(1)).toMatchObject({ state: 'open', alertCount: 4 });
    const mail = alertMail('int-58', after(20), { Job: 'J1' });
    const text = new TextDecoder().decode(mail.source).replace('[restage] FAILED', 'RECOVERED');
    await bench.receive({ ...mail, source: new TextEncoder().encode(text) });
    await settle();
    expect([(await ticket(1))?.state, (await ticket(2))?.state]).toEqual(['resolved', 'resolved']);
  });

  it('keeps its diagnoses: a ping clears the connection that it had shown to be broken, and nothing else', async () => {
    await settle(3 * hour);
    expect(await ticket(1)).toMatchObject({ state: 'resolved', reason: 'quiet-and-answering' });
    expect(await ticket(2)).toMatchObject({ state: 'open' });
  });
});
