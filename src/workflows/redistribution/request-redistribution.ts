import type { ChatMessage, Person } from '../../domain/chat.ts';
import { RestageError } from '../../domain/errors.ts';
import type { Period } from '../../domain/redistribution.ts';
import type { RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { renderMarkup, renderNotice } from '../../messages/notice.ts';
import { codeSpan, escapeText } from '../../messages/escape.ts';
import { parsePeriod } from '../../redistribution/period.ts';
import type { Deps } from '../deps.ts';
import { lockServer } from './server-lock.ts';
import { standingOf } from './standing.ts';

export interface RedistributionRequest {
  /** `SERVER-or-DEVICE [period]` or `job J [period]`, as typed. */
  readonly text: string;
  readonly person: Person;
  readonly channel: string;
  /** The same when Slack delivers the command again. */
  readonly deliveryKey: string;
}

/** One line for the help. */
export const redistributeUsage =
  '`/redistribute SERVER-or-DEVICE [period]` or `/redistribute job J [period]` finds what failed and proposes to run it again.';

const usage = [
  'Usage: `/redistribute SERVER-or-DEVICE [period]` or `/redistribute job J [period]`',
  'Examples: `/redistribute int-38`, `/redistribute int-38 since yesterday`, `/redistribute client-017 2026-11-20..2026-11-22`, `/redistribute job edge-agent-eu`',
].join('\n');

/** Starts a redistribution (B5): finds the server, reads the period, and leaves the rest to `gather`. */
export async function requestRedistribution(
  deps: Deps,
  request: RedistributionRequest,
): Promise<ChatMessage> {
  const { target, job, periodText } = readWords(request.text);
  if (target === '' || target === 'help') return renderNotice(usage);
  const wanted = job ? await findJob(deps, target) : await findTarget(deps, target.toLowerCase());
  if (wanted.servers.length === 0) return renderNotice(unknownTarget(deps, target, job));
  const refusal = await refuseRequester(deps, request, wanted.servers);
  if (refusal !== null) return renderNotice(refusal);
  const timeZone = await deps.chat.timeZoneOf(request.person).catch(() => deps.policies.timeZone);
  try {
    const period = parsePeriod(periodText, deps.clock.now(), timeZone);
    const answers = await deps.store.transaction((tx) => start(deps, tx, wanted, request, period, timeZone));
    return renderMarkup(answers.join('\n'));
  } catch (error) {
    if (error instanceof RestageError && error.code === 'period-invalid') return renderNotice(error.message);
    throw error;
  }
}

/** Why this person may not ask for these servers; null: they may (B10). */
async function refuseRequester(
  deps: Deps,
  { person, channel }: RedistributionRequest,
  servers: readonly string[],
): Promise<string | null> {
  const { requesters } = deps.policies.approval;
  for (const server of servers) {
    const standing = await standingOf(deps, person, requesters, channelOf(deps, server, channel));
    if (standing === 'no') return `You are not on the list of those who may ask for \`${server}\`.`;
    if (standing === 'unknown') return 'Slack does not say now who may ask. Try again soon.';
  }
  return null;
}

/** Where a server's redistributions are talked about. */
function channelOf(deps: Deps, server: string, askedIn: string): string {
  return deps.policies.servers.get(server)?.channel ?? askedIn;
}

/** What somebody wants: on which servers, and only what of them; null: all. */
interface Wanted {
  readonly servers: readonly string[];
  readonly recipient: string | null;
  readonly job: string | null;
}

function readWords(text: string): {
  readonly target: string;
  /** Whether the target is a job. */
  readonly job: boolean;
  readonly periodText: string;
} {
  const [first = '', ...rest] = text.trim().split(/\s+/);
  const job = first.toLowerCase() === 'job' && rest.length > 0;
  const [target = '', ...period] = job ? rest : [first, ...rest];
  return { target, job, periodText: period.join(' ') };
}

/** All of the server itself, or one device's failures on every server that failed to reach it. */
async function findTarget(deps: Deps, target: string): Promise<Wanted> {
  const name = deps.inventory.find(target)?.name ?? target;
  const server = [target, name].find((one) => deps.policies.servers.has(one));
  if (server !== undefined) return { servers: [server], recipient: null, job: null };
  const found = await deps.store.transaction((tx) => tx.serversWithFailuresFor(name));
  return { servers: found.filter((one) => deps.policies.servers.has(one)), recipient: name, job: null };
}

/** One job's failures, on every server that it failed on. */
async function findJob(deps: Deps, job: string): Promise<Wanted> {
  const found = await deps.store.transaction((tx) => tx.serversWithFailuresOf(job));
  return { servers: found.filter((one) => deps.policies.servers.has(one)), recipient: null, job };
}

function unknownTarget(deps: Deps, target: string, job: boolean): string {
  const known = [...deps.policies.servers.keys()].slice(0, 20).map((name) => `\`${name}\``);
  const problem = job
    ? `No failed distribution of a job \`${target}\` is known. `
    : `No distribution server is called \`${target}\`, and no failed distribution to a device of that name is known. `;
  return `${problem}Servers: ${known.join(', ') || 'none; add one under `servers:` in restage.yaml'}.`;
}

async function start(
  deps: Deps,
  tx: Tx,
  wanted: Wanted,
  request: RedistributionRequest,
  period: Period & { readonly text: string },
  timeZone: string,
): Promise<string[]> {
  const now = deps.clock.now();
  if (!(await tx.firstSight(request.deliveryKey, now))) return ['This command is under way already.'];
  await tx.lockRedistributions();
  const answers: string[] = [];
  for (const server of wanted.servers) {
    await withdrawProposals(deps, tx, server);
    const record = newRecord(deps, server, wanted, request, period, timeZone, now);
    const busy = await lockServer(deps, tx, record, request.person);
    if (busy !== null) {
      answers.push(busy);
      continue;
    }
    await tx.addRedistribution(record);
    await tx.enqueue({ queue: 'gather', redistributionId: record.id });
    answers.push(`Reading the failed jobs of ${describe(deps, record)} …`);
  }
  return answers;
}

function describe(deps: Deps, { server, recipient, job, period }: RedistributionRecord): string {
  const scope = recipient ?? job;
  const only = scope === null ? '' : `, only ${recipient === null ? 'job ' : ''}${codeSpan(scope)}`;
  const channel = deps.policies.servers.get(server)?.channel ?? null;
  const place = channel === null ? '' : `, for the channel ${codeSpan(channel)}`;
  return `${codeSpan(server)}${only}, ${escapeText(period.text)}${place}`;
}

/** An older proposal does not stand in the way: two would offer the same commands twice, so it is withdrawn. */
async function withdrawProposals(deps: Deps, tx: Tx, server: string): Promise<void> {
  for (const older of await tx.redistributionsOf(server, ['proposed'])) {
    const change = { state: 'expired', note: 'A newer proposal takes its place.' } as const;
    // Somebody may approve it at this moment.
    if (!(await tx.changeRedistribution(older.id, ['proposed'], change))) continue;
    await tx.touchDelivery('redistribution', older.id, deps.clock.now());
    await tx.enqueue({ queue: 'deliver', channel: older.channel });
  }
}

function newRecord(
  deps: Deps,
  server: string,
  { recipient, job }: Wanted,
  request: RedistributionRequest,
  period: Period & { readonly text: string },
  timeZone: string,
  now: Date,
): RedistributionRecord {
  return {
    id: deps.newId(),
    server,
    recipient,
    job,
    period,
    timeZone,
    channel: channelOf(deps, server, request.channel),
    requestedBy: request.person,
    requestedAt: now,
    state: 'gathering',
    digest: null,
    decidedBy: null,
    decidedAt: null,
    expiresAt: null,
    unmatched: [],
    superseded: [],
    note: null,
  };
}
