import type { ChatMessage, Person } from '../domain/chat.ts';
import { RestageError } from '../domain/errors.ts';
import type { Period } from '../domain/redistribution.ts';
import type { RedistributionRecord } from '../domain/store/redistributions.ts';
import type { Tx } from '../domain/store/store.ts';
import { renderMarkup, renderNotice } from '../messages/notice.ts';
import { codeSpan, escapeText } from '../messages/escape.ts';
import { mention } from '../messages/wording.ts';
import { parsePeriod } from '../redistribution/period.ts';
import type { Deps } from './deps.ts';

export interface RedistributionRequest {
  /** `SERVER-or-DEVICE [period]`, as typed. */
  readonly text: string;
  readonly person: Person;
  readonly channel: string;
  /** The same when Slack delivers the command again. */
  readonly deliveryKey: string;
}

/** One line for the help. */
export const redistributeUsage =
  '`/redistribute SERVER-or-DEVICE [period]` finds what failed and proposes to run it again.';

const usage = [
  'Usage: `/redistribute SERVER-or-DEVICE [period]`',
  'Examples: `/redistribute int-38`, `/redistribute int-38 since yesterday`, `/redistribute client-017 2026-11-20..2026-11-22`',
].join('\n');

/** Starts a redistribution (B5): finds the server, reads the period, and leaves the rest to `gather`. */
export async function requestRedistribution(
  deps: Deps,
  request: RedistributionRequest,
): Promise<ChatMessage> {
  const [target = '', ...rest] = request.text.trim().split(/\s+/);
  if (target === '' || target === 'help') return renderNotice(usage);
  const servers = await findServers(deps, target.toLowerCase());
  if (servers.length === 0) return renderNotice(unknownTarget(deps, target));
  const timeZone = await deps.chat.timeZoneOf(request.person).catch(() => deps.policies.timeZone);
  try {
    const period = parsePeriod(rest.join(' '), deps.clock.now(), timeZone);
    const answers = await deps.store.transaction((tx) => start(deps, tx, servers, request, period, timeZone));
    return renderMarkup(answers.join('\n'));
  } catch (error) {
    if (error instanceof RestageError && error.code === 'period-invalid') return renderNotice(error.message);
    throw error;
  }
}

/** The server itself, or every server that failed to reach the device named. */
async function findServers(deps: Deps, target: string): Promise<readonly string[]> {
  if (deps.policies.servers.has(target)) return [target];
  const name = deps.inventory.find(target)?.name ?? target;
  if (deps.policies.servers.has(name)) return [name];
  const found = await deps.store.transaction((tx) => tx.serversWithFailuresFor(name));
  return found.filter((server) => deps.policies.servers.has(server));
}

function unknownTarget(deps: Deps, target: string): string {
  const known = [...deps.policies.servers.keys()].slice(0, 20).map((name) => `\`${name}\``);
  return (
    `No distribution server is called \`${target}\`, and no failed distribution to a device of that name is known. ` +
    `Servers: ${known.join(', ') || 'none; add one under `servers:` in restage.yaml'}.`
  );
}

async function start(
  deps: Deps,
  tx: Tx,
  servers: readonly string[],
  request: RedistributionRequest,
  period: Period & { readonly text: string },
  timeZone: string,
): Promise<string[]> {
  const now = deps.clock.now();
  if (!(await tx.firstSight(request.deliveryKey, now))) return ['This command is under way already.'];
  const answers: string[] = [];
  for (const server of servers) {
    const [busy] = await tx.redistributionsOf(server, ['gathering', 'approved', 'running']);
    if (busy) {
      answers.push(
        `${codeSpan(server)} is being redistributed already, asked for by ${mention(busy.requestedBy.userId)}.`,
      );
      continue;
    }
    await withdrawOlderProposals(deps, tx, server);
    const record = newRecord(deps, server, request, period, timeZone, now);
    await tx.addRedistribution(record);
    await tx.enqueue({ queue: 'gather', redistributionId: record.id });
    answers.push(`Reading the failed jobs of ${codeSpan(server)}, ${escapeText(period.text)} …`);
  }
  return answers;
}

/** Two proposals for one server would offer the same commands twice: the newest one stands. */
async function withdrawOlderProposals(deps: Deps, tx: Tx, server: string): Promise<void> {
  for (const older of await tx.redistributionsOf(server, ['proposed'])) {
    await tx.changeRedistribution(older.id, { state: 'expired', note: 'A newer proposal takes its place.' });
    await tx.touchDelivery('redistribution', older.id, deps.clock.now());
    await tx.enqueue({ queue: 'deliver', channel: older.channel });
  }
}

function newRecord(
  deps: Deps,
  server: string,
  request: RedistributionRequest,
  period: Period & { readonly text: string },
  timeZone: string,
  now: Date,
): RedistributionRecord {
  return {
    id: deps.newId(),
    server,
    period,
    timeZone,
    channel: request.channel,
    requestedBy: request.person,
    requestedAt: now,
    state: 'gathering',
    digest: null,
    decidedBy: null,
    decidedAt: null,
    expiresAt: null,
    unmatched: [],
    note: null,
  };
}
