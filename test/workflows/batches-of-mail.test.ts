import postgres from 'postgres';
import { afterEach, expect, it } from 'vitest';
import { openPostgres } from '../../src/adapters/postgres/database.ts';
import { type BatchOrder, type BatchPlace, createPlace } from '../../src/domain/intake.ts';
import type { RawMail } from '../../src/domain/mail.ts';
import { admit } from '../../src/workflows/intake/admit.ts';
import { readmitMail } from '../../src/workflows/intake/readmit.ts';
import { createPostgresUrl, describeOnBothDatabases } from '../support/databases.ts';
import { alertMail, createWorkbench, start, type Workbench } from '../support/workbench.ts';

let bench: Workbench;
afterEach(() => bench.close());

const mailsOf = (count: number) => Array.from({ length: count }, () => alertMail('int-58', start));
const cursor = (mailbox: string, lastUid: number) => ({ mailbox, uidValidity: 1n, lastUid });

/** Brings batches of one mailbox as its reader does: the next one is offered while the one before is on its way. */
function bring(mailbox: string, batches: readonly (readonly RawMail[])[]): Promise<unknown> {
  let before: BatchPlace | null = null;
  let after: Promise<void> = Promise.resolve();
  const all = batches.map((batch, index) => {
    const place = createPlace(before);
    const order: BatchOrder = { place, after, moreFollows: index < batches.length - 1 };
    before = place;
    after = admit(bench.deps, batch, cursor(mailbox, index + 1), order).then(() => undefined);
    return after;
  });
  return Promise.all(all);
}

const stored = () =>
  bench.deps.store.transaction(async (tx) => ({
    mails: (await tx.sums()).mails.accepted,
    alerts: Object.values((await tx.sums()).alerts).reduce((sum, one) => sum + one, 0),
    last: [(await tx.cursorOf('one'))?.lastUid, (await tx.cursorOf('two'))?.lastUid],
  }));

describeOnBothDatabases('A1: batches of mail that come at the same time', (open) => {
  it('with the same mails in them, in any order, are all taken in, each mail once', async () => {
    bench = await createWorkbench(await open());
    const mails = mailsOf(40);
    const one = [mails.slice(0, 3), mails.slice(3, 20), mails.slice(20)];
    const two = [mails.toReversed(), mails.slice(10, 12), mails.slice(5, 30)];
    await Promise.all([bring('one', one), bring('two', two)]);
    expect(await stored()).toEqual({ mails: 40, alerts: 40, last: [3, 3] });
  });

  it('keep the order of their mailbox, also where a short one follows a long one', async () => {
    bench = await createWorkbench(await open());
    const sizes = [60, 1, 30, 1, 1, 45, 2];
    await bring(
      'one',
      sizes.map((size) => mailsOf(size)),
    );
    expect(await stored()).toMatchObject({ mails: 140, last: [sizes.length, undefined] });
  });
});

/** The lock under which alerts are counted. */
const countingLock = 7_364_002;

const waitingToCount = (admin: postgres.Sql) => admin`select pid from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock' and wait_event = 'advisory'`;

it('A5: a refused copy that is re-admitted while its original waits to be counted does not hold anything up', async () => {
  const url = await createPostgresUrl();
  bench = await createWorkbench(await openPostgres(url));
  const [original] = mailsOf(1);
  if (!original) throw new Error('no mail');
  const text = Buffer.from(original.source).toString();
  const copy = { ...original, source: Buffer.from(text.replace(/^From: .*/m, 'From: someone@evil.example')) };
  await admit(bench.deps, [copy], null);
  const [refused] = await bench.deps.store.transaction((tx) =>
    tx.storedMails({ state: 'rejected', since: null, limit: 1 }),
  );
  const admin = postgres(url, { max: 1, fetch_types: false });
  await admin`select pg_advisory_lock(${countingLock})`;
  const first = bring('one', [mailsOf(1)]);
  const second = bring('two', [[original]]);
  await expect.poll(() => waitingToCount(admin)).toHaveLength(1);
  const readmitted = readmitMail(bench.deps, refused?.id ?? 0, 'ana');
  await admin`select pg_advisory_unlock(${countingLock})`;
  await Promise.all([first, second]);
  expect(await readmitted).toMatchObject({ readmitted: false, reason: 'known-already' });
  expect(await stored()).toMatchObject({ mails: 2, alerts: 2 });
  await admin.end();
});

it('A1: a batch whose connection is lost while it waits to be counted is brought again: nothing is lost, nothing counts twice', async () => {
  const url = await createPostgresUrl();
  bench = await createWorkbench(await openPostgres(url));
  const admin = postgres(url, { max: 1, fetch_types: false });
  await admin`select pg_advisory_lock(${countingLock})`;
  const [first, second] = [mailsOf(2), mailsOf(3)];
  const firstDone = bring('one', [first]).catch((error: unknown) => error);
  await expect.poll(() => waitingToCount(admin)).toHaveLength(1);
  const secondDone = bring('two', [second]);
  const [waiting] = await waitingToCount(admin);
  await admin`select pg_terminate_backend(${waiting?.['pid']})`;
  expect(await firstDone).toMatchObject({ code: 'database-unavailable' });
  await admin`select pg_advisory_unlock(${countingLock})`;
  await secondDone;
  expect(await stored()).toEqual({ mails: 3, alerts: 3, last: [undefined, 1] });
  await bring('one', [first]);
  expect(await stored()).toEqual({ mails: 5, alerts: 5, last: [1, 1] });
  await admin.end();
});

it('A1: a batch that waits for the one before it holds no transaction open', async () => {
  const url = await createPostgresUrl();
  bench = await createWorkbench(await openPostgres(url));
  const admin = postgres(url, { max: 1, fetch_types: false });
  await admin`select pg_advisory_lock(${countingLock})`;
  const all = [bring('one', [mailsOf(2), mailsOf(2)]), bring('two', [mailsOf(3)])];
  await expect.poll(() => waitingToCount(admin)).toHaveLength(1);
  const open = await admin`select pid from pg_stat_activity
    where datname = current_database() and xact_start is not null and pid <> pg_backend_pid()`;
  expect(open).toHaveLength(1);
  await admin`select pg_advisory_unlock(${countingLock})`;
  await Promise.all(all);
  expect(await stored()).toEqual({ mails: 7, alerts: 7, last: [2, 1] });
  await admin.end();
});

it('A1: batches that two bots store in opposite order are both taken in: neither is ended for a deadlock', async () => {
  const url = await createPostgresUrl();
  bench = await createWorkbench(await openPostgres(url));
  const other = await createWorkbench(await openPostgres(url));
  const mails = mailsOf(60);
  for (const batch of [mails.slice(0, 20), mails.slice(20, 40), mails.slice(40)]) {
    await Promise.all([admit(bench.deps, batch, null), admit(other.deps, batch.toReversed(), null)]);
  }
  expect(await stored()).toMatchObject({ mails: 60, alerts: 60 });
  const admin = postgres(url, { max: 1, fetch_types: false });
  const [counts] =
    await admin`select deadlocks::int from pg_stat_database where datname = current_database()`;
  expect(counts).toEqual({ deadlocks: 0 });
  await admin.end();
  await other.close();
});
