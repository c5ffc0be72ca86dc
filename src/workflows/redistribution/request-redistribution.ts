import type { ChatMessage, Person } from '../../domain/chat.ts';
import { RestageError } from '../../domain/errors.ts';
import { suggestWord } from '../../domain/suggest.ts';
import type { Tx } from '../../domain/store/store.ts';
import { escapeLines } from '../../messages/escape.ts';
import { renderMarkup, renderNotice } from '../../messages/notice.ts';
import type { Deps } from '../deps.ts';
import { beginRedistribution } from './begin-redistribution.ts';
import { findPeriod } from './find-period.ts';
import { refuseRequester } from './refuse-requester.ts';

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
  '`/redistribute SERVER-or-DEVICE [period]` or `/redistribute job J [period]` finds what failed and proposes to run it again. Periods: `since yesterday`, `since 14:30`, `last week`, `2026-11-20..2026-11-22`, `since the last servicing`; without one the down time of its repaired ticket, else since yesterday.';

const usage = [
  'Usage: `/redistribute SERVER-or-DEVICE [period]` or `/redistribute job J [period]`',
  'Examples: `/redistribute int-38`, `/redistribute int-38 since yesterday`, `/redistribute client-017 2026-11-20..2026-11-22`, `/redistribute job edge-agent-eu`',
].join('\n');

/** Starts a redistribution (B5), and leaves the rest to `gather`. Answers what to tell whoever asked. */
export async function requestRedistribution(
  deps: Deps,
  request: RedistributionRequest,
): Promise<ChatMessage> {
  const { target } = readWords(request.text);
  if (target === '' || target === 'help') return renderNotice(usage);
  return renderMarkup((await startRedistributions(deps, request)).answers.join('\n'));
}

/** What was started. */
interface Started {
  readonly ids: readonly string[];
  /** What to tell whoever asked, in Slack's markup. */
  readonly answers: readonly string[];
}

/** Starts a redistribution for each server that is meant. */
export async function startRedistributions(deps: Deps, request: RedistributionRequest): Promise<Started> {
  const { target, job, periodText } = readWords(request.text);
  const wanted = job ? await findJob(deps, target) : await findTarget(deps, target.toLowerCase());
  if (wanted.servers.length === 0) return refused(unknownTarget(deps, target, job));
  const refusal = await refuseRequester(deps, request, wanted.servers);
  if (refusal !== null) return refused(refusal);
  const timeZone = await deps.chat.timeZoneOf(request.person).catch(() => deps.policies.timeZone);
  try {
    const typed = { ...request, periodText, timeZone };
    return await deps.store.transaction((tx) => start(deps, tx, wanted, typed));
  } catch (error) {
    if (error instanceof RestageError && error.code === 'period-invalid') return refused(error.message);
    throw error;
  }
}

/** What somebody wants: on which servers, and only what of them; null: all. */
interface Wanted {
  readonly servers: readonly string[];
  readonly recipients: readonly string[] | null;
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
  if (server !== undefined) return { servers: [server], recipients: null, job: null };
  const found = await deps.store.transaction((tx) => tx.serversWithFailuresFor(name));
  return { servers: found.filter((one) => deps.policies.servers.has(one)), recipients: [name], job: null };
}

/** One job's failures, on every server that it failed on. */
async function findJob(deps: Deps, job: string): Promise<Wanted> {
  const found = await deps.store.transaction((tx) => tx.serversWithFailuresOf(job));
  return { servers: found.filter((one) => deps.policies.servers.has(one)), recipients: null, job };
}

function unknownTarget(deps: Deps, target: string, job: boolean): string {
  const known = [...deps.policies.servers.keys()].slice(0, 20).map((name) => `\`${name}\``);
  const problem = job
    ? `No failed distribution of a job \`${target}\` is known. `
    : `No distribution server is called \`${target}\`, and no failed distribution to a device of that name is known. `;
  const names = [...deps.policies.servers.keys(), ...deps.inventory.all().map(({ name }) => name)];
  const near = job ? null : suggestWord(target, ['job', ...names]);
  const hint = near === null ? '' : `Did you mean \`${near}\`? `;
  return `${problem}${hint}Servers: ${known.join(', ') || 'none; add one under `servers:` in restage.yaml'}.`;
}

async function start(
  deps: Deps,
  tx: Tx,
  wanted: Wanted,
  request: RedistributionRequest & { readonly periodText: string; readonly timeZone: string },
): Promise<Started> {
  if (!(await tx.firstSight(request.deliveryKey, deps.clock.now()))) {
    return refused('This command is under way already.');
  }
  await tx.lockRedistributions();
  const { periodText, timeZone, person: requestedBy, channel: askedIn } = request;
  const { recipients, job } = wanted;
  const [ids, answers]: [string[], string[]] = [[], []];
  for (const server of wanted.servers) {
    const period = await findPeriod(deps, tx, { server, recipients, job }, periodText, timeZone);
    const scope = { server, recipients, job, period, timeZone };
    const { begun, answer } = await beginRedistribution(deps, tx, { ...scope, requestedBy, askedIn });
    if (begun !== null) ids.push(begun);
    answers.push(answer);
  }
  return { ids, answers };
}

function refused(text: string): Started {
  return { ids: [], answers: [escapeLines(text)] };
}
