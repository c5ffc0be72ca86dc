import { restageItself, terminalTeam } from '../../domain/chat.ts';
import { RestageError } from '../../domain/errors.ts';
import type { SourceFinding } from '../../domain/package-source.ts';
import { describePlace } from '../../domain/provenance.ts';
import type { JobRecord, Period, RunBinding } from '../../domain/redistribution.ts';
import type { ServerProfile } from '../../domain/server.ts';
import type { ClockSpan } from '../../domain/server-clock.ts';
import type { RedistributionChange, RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { codeSpan, escapeText } from '../../messages/escape.ts';
import { countOf } from '../../messages/wording.ts';
import { bindingOf } from '../../redistribution/binding.ts';
import { narrowSelection } from '../../redistribution/narrow-selection.ts';
import { planOf } from '../../redistribution/plan.ts';
import { decideReading } from '../../redistribution/reading-span.ts';
import type { Deps } from '../deps.ts';
import { resolveRepairedTickets } from './finish-redistribution.ts';
import { findSources } from './package-sources.ts';
import { planCommands } from './plan-commands.ts';
import { describeWarnings, type KnownClock, readClock } from './read-clock.ts';
import { readRecords } from './read-records.ts';
import { reconcile } from './reconcile.ts';
import { isWanted, wantRedistributionMessage } from './redistribution-message.ts';
import { expiryOf } from './approval-hours.ts';
import { digestOf } from './runnable.ts';
import { showWhole } from './show-whole.ts';
import { tellRequester } from './tell-requester.ts';

/**
 * Finds what failed on a server (B6), reads how it was done from the server's own logs (B7, B8), rebuilds the
 * commands (B9) and shows them (B10). What goes wrong makes a failed redistribution that says why, so that one
 * can be asked for again.
 */
export async function gather(deps: Deps, id: string): Promise<void> {
  const record = await deps.store.transaction((tx) => tx.redistribution(id));
  if (record?.state !== 'gathering') return;
  const profile = deps.policies.servers.get(record.server);
  try {
    if (!profile) throw new RestageError('config-invalid', `The config has no server ${record.server}.`);
    const clock = await readClock(deps, profile, record.period.from);
    const read = await readRecords(deps, profile, await chooseReading(deps, record, profile, clock.span));
    const sources = await findSources(deps, profile, read.records);
    const binding = bindingOf(profile, await deps.servers.hostKeys(profile));
    await deps.store.transaction((tx) =>
      propose(deps, tx, record, profile, { ...read, sources, binding, clock }),
    );
  } catch (error) {
    const known = error instanceof RestageError ? error : null;
    if (known?.code === 'database-unavailable') throw error;
    deps.log.warn({ redistribution: id, code: known?.code, error }, 'gathering failed');
    const note = known?.message ?? 'Something went wrong inside Restage; see its log.';
    await deps.store.transaction((tx) => settle(deps, tx, record, { state: 'failed', note }));
  }
}

/** The dates that concern it; later ones are read too: they can show that it has been done since. */
async function chooseReading(
  deps: Deps,
  { server, period }: RedistributionRecord,
  { running }: ServerProfile,
  span: ClockSpan,
): Promise<Period> {
  const known = await deps.store.transaction(async (tx) => ({
    gatheredUntil: await tx.gatheredUntil(server, period.from),
    oldestFailure: await tx.oldestFailure(server, period.from),
  }));
  return decideReading(period, known, running.timeoutMs, deps.clock.now(), span);
}

/** What the server itself told. */
interface Found {
  readonly records: readonly JobRecord[];
  /** Of these logs it told nothing. */
  readonly unread: readonly string[];
  /** The packages' files as they are now. */
  readonly sources: ReadonlyMap<string, SourceFinding>;
  /** Where and how its commands would run. */
  readonly binding: RunBinding;
  readonly clock: KnownClock;
}

async function propose(
  deps: Deps,
  tx: Tx,
  record: RedistributionRecord,
  profile: ServerProfile,
  { records, unread: missing, sources, binding, clock }: Found,
): Promise<void> {
  // Admission writes to the failed jobs and to tickets too.
  await tx.lockCounting();
  if ((await tx.redistribution(record.id))?.state !== 'gathering') return;
  const { all, asLogged, originalOf } = await reconcile(deps, tx, record, records, clock);
  const isForAll = record.recipients === null && record.job === null;
  const wanted = isForAll ? all : narrowSelection(all, (failure) => isWanted(record, failure));
  const { failed, withoutRecord, superseded } = wanted;
  const reruns = wanted.reruns.map(asLogged);
  const ahead = describeAhead(record, wanted.ahead);
  const unread = [...missing, ...(ahead === null ? [] : [ahead])];
  const warnings = describeWarnings(profile.name, clock, wanted);
  const writeDown = () => tx.reconcileFailedJobs(all.failed);
  if (failed.length === 0) {
    await writeDown();
    const told = { superseded, unread, warnings };
    if (ahead !== null) return settle(deps, tx, record, { ...told, state: 'failed', note: notKnown });
    await settle(deps, tx, record, { ...told, state: 'empty' });
    // A log that nobody could read may know of more.
    if (unread.length === 0) await resolveRepairedTickets(deps, tx, record.server);
    return;
  }
  const now = deps.clock.now();
  const making = {
    redistributionId: record.id,
    profile,
    canary: record.canary,
    reruns,
    originalOf,
    sources,
    now,
  };
  const { commands, stored } = await planCommands(tx, making, writeDown);
  const planned = commands.map(({ command }) => ({ command, selected: true }));
  const expiresAt = expiryOf(deps.policies.approval, deps.clock.now());
  const unmatched = withoutRecord.map(({ failure }) => failure);
  const [digest, plan] = [digestOf(planned, binding), planOf(planned)];
  await stored();
  const what = { digest, binding, plan, unmatched, superseded, unread, warnings };
  const change = { state: 'proposed', expiresAt, ...what } as const;
  await settle(deps, tx, record, change);
  await showWhole(deps, tx, { ...record, ...change });
}

async function settle(
  deps: Deps,
  tx: Tx,
  record: RedistributionRecord,
  change: RedistributionChange,
): Promise<void> {
  if (!(await tx.changeRedistribution(record.id, ['gathering'], change))) return;
  await tx.freeServerLock(record.id);
  // A servicing that finds nothing left is silent, once it has looked everywhere.
  const isSilent = change.state === 'empty' && !change.unread?.length;
  if (isSilent && record.requestedBy.userId === restageItself.userId) return;
  // A request from a terminal gets its reply there.
  if (change.state === 'failed' && record.requestedBy.teamId === terminalTeam) return;
  await wantRedistributionMessage(deps, tx, record);
  if (change.state !== 'failed') return;
  const why = escapeText(change.note ?? '');
  await tellRequester(deps, tx, record, 'failed', `Failed on ${codeSpan(record.server)}: ${why}`);
}

const notKnown = 'Whether anything failed is not known.';

/** Records that seem to be of the future tell nothing: one of them would hide all that comes before it. `null`: there are none. */
function describeAhead(record: RedistributionRecord, ahead: readonly JobRecord[]): string | null {
  const concerned = ahead.filter(({ job, recipients }) =>
    recipients.some(({ name: recipient }) => isWanted(record, { job, recipient })),
  );
  const [first] = concerned;
  if (!first) return null;
  const isOne = concerned.length === 1;
  return `${countOf(concerned.length, 'record')} ${isOne ? 'is' : 'are'} dated in the future, such as ${first.startedAt.toISOString()} in ${describePlace(first.provenance)}, and ${isOne ? 'was' : 'were'} left out. Look at the clock of ${record.server}, then ask again.`;
}
