import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fillMailbox, loginOf } from './fill-mailbox.ts';
import { type MailPlan, writeMails } from './mails.ts';
import { type Measurement, atLeast, exactly, median } from './measurement.ts';
import { audit, waitUntilDone, watchBot, watchPostgres } from './progress.ts';
import { storeAlerts } from './stored-alerts.ts';
import type { BenchDevice, BenchSite, World } from './world.ts';

export interface RateOptions {
  readonly mails: number;
  /** Alerts that a database holds before it is measured. */
  readonly stored: number;
  readonly rounds: number;
  /** The databases to measure; the ratio to an empty one needs that one too. */
  readonly on: readonly DatabaseName[];
  readonly say: (text: string) => void;
}

export const databases = ['postgres', 'stored', 'pglite'] as const;
/** `stored` is PostgreSQL that holds many alerts already. */
export type DatabaseName = (typeof databases)[number];

const user = 'bench-rate';
type Counts = Readonly<Record<'mails' | 'tickets', number>>;

/**
 * How many mails a second the bot takes in from a full mailbox until all are committed and decided, beside the loop
 * that fetches and parses the same mails and keeps nothing. All take turns; each figure is the median of its rounds.
 */
export async function measureRates(world: World, options: RateOptions): Promise<readonly Measurement[]> {
  const { mails, rounds, on, say } = options;
  say(`filling a mailbox with ${mails} mails`);
  await fillMailbox(world.dovecot, user, writeMails(planOf(mails), new Date()));
  const filled = on.includes('stored') ? await fillDatabase(world, options) : nothingStored;
  const obvious: number[] = [];
  const ours: Record<DatabaseName, number[]> = { postgres: [], stored: [], pglite: [] };
  const counts: Counts[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const loop = await runObviousLoop(world, mails);
    obvious.push(loop.perSecond);
    say(`round ${round} of ${rounds}: the obvious loop: ${describeSpeed(loop)}`);
    for (const name of on) {
      const run = await runBot(world, name, filled, mails);
      ours[name].push(run.perSecond);
      counts.push(run.counts);
      say(`round ${round} of ${rounds}: ${name}: ${describeSpeed(run)}`);
    }
  }
  const rate = { obvious: median(obvious), postgres: median(ours.postgres) };
  const figures: Record<DatabaseName, () => Measurement> = {
    postgres: () =>
      atLeast('intake on PostgreSQL, mails/s against the obvious loop', rate.postgres, rate.obvious, 1),
    stored: () =>
      atLeast(
        `intake with ${options.stored} alerts stored, mails/s against an empty database`,
        median(ours.stored),
        rate.postgres,
        0.9,
      ),
    pglite: () =>
      atLeast('intake on PGlite, mails/s against the obvious loop', median(ours.pglite), rate.obvious, 0.5),
  };
  return [
    ...on.map((name) => figures[name]()),
    exactly('mails by the audit after each intake', fewest(counts, 'mails', mails), mails),
    atLeast('mails that cross a threshold', fewest(counts, 'tickets', mails), mails, 0.01),
  ];
}

const nothingStored: FilledDatabase = { url: '', counts: { mails: 0, tickets: 0 } };

async function fillDatabase({ postgres }: World, { stored, say }: RateOptions): Promise<FilledDatabase> {
  say(`storing ${stored} alerts`);
  const url = await postgres.createDatabase();
  return { url, counts: await storeAlerts(url, stored) };
}

/** Of a hundred mails five come from a device that reports four times, which makes a ticket; the others report twice. */
const thresholds = [{ count: 4, within: '1h' }];

function planOf(count: number): MailPlan {
  const group = (index: number) => Math.floor(index / 100);
  const place = (index: number) => index % 100;
  return {
    count,
    device: (index) =>
      place(index) < 5
        ? `client-${Math.floor((group(index) * 5 + place(index)) / 4)}`
        : `client-${100_000 + Math.floor(group(index) / 2) * 100 + place(index)}`,
    server: (index) => `int-${10 + (index % 40)}`,
  };
}

function devicesOf(count: number): readonly BenchDevice[] {
  const { device } = planOf(count);
  const names = new Set(Array.from({ length: count }, (_, index) => device(index)));
  return [...names].map((name) => ({ name, upstream: null }));
}

/** The round that is farthest from the number that is right. */
function fewest(counts: readonly Counts[], what: keyof Counts, right: number): number {
  const farthest = counts.toSorted((a, b) => Math.abs(b[what] - right) - Math.abs(a[what] - right));
  return farthest[0]?.[what] ?? Number.NaN;
}

const run = promisify(execFile);
const obviousLoop = new URL('./obvious-loop.js', import.meta.url).pathname;

interface Speed {
  readonly perSecond: number;
  /** Of the process alone, without the servers that it asks. */
  readonly processorMsPerMail: number;
}

function describeSpeed({ perSecond, processorMsPerMail }: Speed): string {
  return `${Math.round(perSecond)} mails/s, ${processorMsPerMail.toFixed(2)} ms of processor time for each`;
}

async function runObviousLoop({ dovecot }: World, mails: number): Promise<Speed> {
  const login = JSON.stringify(loginOf(dovecot, user));
  const { stdout } = await run(process.execPath, [obviousLoop, login]);
  const result = JSON.parse(stdout) as { mails: number; tookMs: number; processorMs: number };
  if (result.mails !== mails) throw new Error(`the obvious loop read ${result.mails} of ${mails} mails`);
  return { perSecond: (mails / result.tookMs) * 1000, processorMsPerMail: result.processorMs / mails };
}

interface FilledDatabase {
  readonly url: string;
  readonly counts: Counts;
}

async function runBot(
  world: World,
  name: DatabaseName,
  filled: FilledDatabase,
  mails: number,
): Promise<Speed & { readonly counts: Counts }> {
  const isFilled = name === 'stored';
  const databaseUrl =
    name === 'pglite' ? null : await world.postgres.createDatabase(isFilled ? filled.url : undefined);
  const site = world.writeSite({ user, devices: devicesOf(mails), thresholds, databaseUrl });
  const progress = databaseUrl === null ? watchBot(site) : watchPostgres(databaseUrl);
  const bot = world.startBot(site);
  try {
    const opened = await bot.opened;
    const usedBefore = bot.processorMs();
    const done = await waitUntilDone(progress, mails, opened);
    const usedMs = bot.processorMs() - usedBefore;
    const after = await countsOf(site);
    return {
      perSecond: (mails / (done.getTime() - opened.getTime())) * 1000,
      processorMsPerMail: usedMs / mails,
      counts: isFilled
        ? { mails: after.mails - filled.counts.mails, tickets: after.tickets - filled.counts.tickets }
        : after,
    };
  } finally {
    await progress.close();
    await bot.stop();
  }
}

async function countsOf(site: BenchSite): Promise<Counts> {
  const { mails, tickets, balanced, faults } = await audit(site);
  if (!balanced) throw new Error(`the audit after the intake does not balance: ${faults.join('; ')}`);
  return { mails: sum(mails), tickets: sum(tickets) };
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
