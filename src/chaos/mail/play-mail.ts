import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresServer } from '../../bench/servers/postgres.ts';
import { untilAborted } from '../aborted.ts';
import { type FaultIn, faultKinds, type FaultName } from '../fault-kinds.ts';
import type { PlannedFault, RoundPlan } from '../plan.ts';
import type { Findings } from '../report.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { lastProblem, problemDevice } from './alerts.ts';
import { breakers } from './breakers.ts';
import { type Doors, openDoors } from './doors.ts';
import { findExcess, findWrongs } from './judge.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { channel, type MailSite, startMailSite } from './mail-site.ts';
import { acknowledge } from './people.ts';
import { sendAlerts } from './send.ts';

/** For faults without a bound of their own, and for several at once: the machine plays other rounds meanwhile. */
const convergesWithinMs = { liveness: 180_000, safety: 300_000 } as const;
/** How long senders may take, from the first alert. */
const sentWithinMs = 240_000;
/** After it has converged nothing may change for so long. */
const staysForMs = 3_000;
/** Far beyond what it takes, so that only an audit that hangs ends so. */
const auditsWithinMs = 180_000;
const lookEveryMs = 250;
const program = new URL('../../main.js', import.meta.url).pathname;

interface Play {
  readonly plan: RoundPlan;
  readonly site: MailSite;
  readonly ledger: Ledger;
  readonly doors: Doors;
  readonly random: SeededRandom;
  readonly wrongs: Set<string>;
  readonly notes: string[];
  readonly signal: AbortSignal;
}

/** Alerts arrive by three doors while things break; then everything must be told, once and right. */
export async function playMail(
  plan: RoundPlan,
  shared: PostgresServer,
  interrupt: AbortSignal,
): Promise<Findings> {
  const since = performance.now();
  const site = await startMailSite(plan, shared);
  const giveUp = new AbortController();
  const ledger = createLedger();
  const play: Play = {
    plan,
    site,
    ledger,
    doors: openDoors(site, ledger, giveUp.signal),
    random: createSeededRandom(plan.seed),
    wrongs: new Set(),
    notes: [],
    signal: giveUp.signal,
  };
  const figures: Record<string, number> = {};
  try {
    Object.assign(figures, await Promise.race([playOut(play), untilAborted(interrupt)]));
  } catch (error) {
    play.wrongs.add(`the round broke off: ${String(error)}`);
  } finally {
    giveUp.abort();
    if (!interrupt.aborted) await endBots(play);
    await site.close();
  }
  figures['tookMs'] = Math.round(performance.now() - since);
  return { figures, notes: play.notes, wrongs: [...play.wrongs] };
}

async function playOut(play: Play): Promise<Record<string, number>> {
  const { plan, site, ledger, doors, random, wrongs, signal } = play;
  const since = performance.now();
  const isAwayAtStart = plan.faults.some(({ name }) => name === 'slack-away-at-start');
  if (!isAwayAtStart) await Promise.all(site.bots.map(({ running }) => running));
  const startedMs = Math.round(performance.now() - since);
  const stopWatching = watchExcess(play);
  const acknowledged = new Set([problemDevice(0)]);
  const clicks = acknowledge(site, problemDevice(0), signal);
  const isLate = sleep(sentWithinMs, true, { ref: false });
  const sent = sendAlerts(plan, doors, random).then(() => false);
  const healed = Promise.all(plan.faults.map((fault) => strike(play, fault))).then(() => false);
  if (await Promise.race([healed, isLate]))
    wrongs.add(`the faults had not healed after ${sentWithinMs / 1000} s`);
  const healedAt = performance.now();
  if (await Promise.race([sent, isLate]))
    wrongs.add(`not all alerts were accepted within ${sentWithinMs / 1000} s`);
  await sendLast(play);
  const expected = { alerts: ledger.accepted, acknowledged, doubles: timesOf(plan, 'slack-doubled') };
  const look = () => findWrongs(site.workspace.messages(channel), expected);
  const deadline = healedAt + boundOf(plan);
  await converge(look, deadline);
  const convergedMs = Math.round(performance.now() - healedAt);
  const alerts = sum(ledger.accepted);
  await audit(play, alerts, sum(ledger.offered));
  for (const wrong of look()) wrongs.add(wrong);
  stopWatching();
  if (wrongs.size === 0) await clicks;
  for (const refusal of doors.refusals) wrongs.add(refusal);
  const calls = site.workspace.calls().length;
  return { startedMs, alerts, calls, messages: site.workspace.messages(channel).length, convergedMs };
}

/**
 * Resolves once nothing was wrong at two looks `staysForMs` apart, or at the deadline. What looks right may be a moment before
 * the copies of a post that Slack doubles.
 */
async function converge(look: () => readonly string[], deadline: number): Promise<void> {
  for (;;) {
    while (look().length > 0 && performance.now() < deadline) await sleep(lookEveryMs);
    await sleep(staysForMs);
    if (look().length === 0 || performance.now() >= deadline) return;
  }
}

async function strike(play: Play, fault: PlannedFault): Promise<void> {
  const { site, doors, random, wrongs, notes, signal } = play;
  const name = fault.name as FaultIn<'mail'>;
  const bot = site.bots[fault.bot];
  if (!bot) throw new Error(`there is no bot ${fault.bot + 1}`);
  await sleep(fault.afterMs);
  await breakers[name]({
    site,
    fault,
    bot,
    doors,
    random: createSeededRandom(random.between(0, 2 ** 31)),
    report: (wrong) => wrongs.add(wrong),
    note: (what) => notes.push(`${name}: ${what}`),
    signal,
  }).catch((error: unknown) => void wrongs.add(`${name} could not be brought about: ${String(error)}`));
}

/** At no moment may a ticket say more alerts than were sent. */
function watchExcess({ site, ledger, wrongs }: Play): () => void {
  return site.workspace.on('change', (change) => {
    if (change.kind !== 'message') return;
    for (const wrong of findExcess([change.message], ledger.offered)) wrongs.add(wrong);
  });
}

/** A new problem, after all has healed. */
async function sendLast({ doors, plan, signal }: Play): Promise<void> {
  const at = new Date();
  const alerts = Array.from({ length: lastProblem.alerts }, (_, index) => ({
    index: 10_000 + index,
    device: lastProblem.device,
    at,
  }));
  const late = sleep(60_000, undefined, { ref: false });
  const sent = Promise.all([doors.imap(alerts.slice(0, 2)), doors.http(alerts.slice(2), plan.bots - 1)]);
  if (!signal.aborted) await Promise.race([sent, late]);
}

/** How long after the last fault has healed everything must be as it ought to be, in ms. */
function boundOf({ goal, faults }: RoundPlan): number {
  const own = goal === 'liveness' ? faults.map(({ name }) => faultKinds[name].convergesWithinMs ?? 0) : [];
  return Math.max(0, ...own) || convergesWithinMs[goal];
}

function timesOf({ faults }: RoundPlan, fault: FaultName): number {
  return faults.filter(({ name }) => name === fault).reduce((total, { times }) => total + times, 0);
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

/**
 * `restage audit`, as people use it: it must count all that was accepted and no more than was sent, and find its sums
 * balanced.
 */
async function audit({ site, wrongs }: Play, accepted: number, offered: number): Promise<void> {
  const [bot] = site.configs;
  if (!bot) return;
  const argv = [program, 'audit', '--json', '--config', bot.config];
  const { code, output } = await new Promise<{ code: number; output: string }>((resolve) => {
    execFile(process.execPath, argv, { env: bot.env, timeout: auditsWithinMs }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, output: stdout === '' ? stderr : stdout }),
    );
  });
  try {
    const { balanced, alertsInMails, faults } = JSON.parse(output) as {
      balanced: boolean;
      alertsInMails: number;
      faults: readonly string[];
    };
    if (!balanced) wrongs.add(`the audit is not balanced: ${faults.join('; ')}`);
    if (alertsInMails < accepted || alertsInMails > offered)
      wrongs.add(`the audit counts ${alertsInMails} alerts; ${offered} were sent, ${accepted} accepted`);
  } catch {
    wrongs.add(`the audit failed (${code}): ${output.slice(-300)}`);
  }
}

async function endBots({ site, wrongs }: Play): Promise<void> {
  await Promise.all(site.bots.map((bot) => bot.stop()));
  for (const [index, bot] of site.bots.entries()) {
    for (const death of bot.deaths()) wrongs.add(`bot ${index + 1}: ${death}`);
  }
}
