import { RestageError } from '../../domain/errors.ts';
import type { PackageSource, SourceFinding } from '../../domain/package-source.ts';
import type { JobRecord, RebuiltCommand } from '../../domain/redistribution.ts';
import type { ServerProfile } from '../../domain/server.ts';
import type { RedistributionRecord } from '../../domain/store/redistributions.ts';
import { judgeSources } from '../../redistribution/judge-sources.ts';
import type { Deps } from '../deps.ts';
import { type CommandEnding, settleCommands } from './settle-command.ts';

/** One look at a server asks for so many at most. */
const mostPaths = 500;

/** What became of the packages' files that failed runs distributed; what can't be told is left out. */
export async function findSources(
  deps: Deps,
  profile: ServerProfile,
  records: readonly JobRecord[],
): Promise<ReadonlyMap<string, SourceFinding>> {
  const failed = records.filter(({ recipients }) => recipients.some(({ result }) => result !== 'succeeded'));
  return measure(
    deps,
    profile,
    failed.flatMap(({ sources }) => sources ?? []),
  );
}

/** A rebuilt command with what is known of its packages by now (B9). */
export function withSources(
  command: RebuiltCommand,
  { sources }: Pick<JobRecord, 'sources'>,
  found: ReadonlyMap<string, SourceFinding>,
): RebuiltCommand {
  if (!sources) return command;
  const { refusal, changed, bySize, now } = judgeSources(sources, found);
  const all = [...(command.changed ?? []), ...changed];
  return {
    ...command,
    sources: now,
    ...(all.length > 0 ? { changed: all } : {}),
    ...(bySize.length > 0 ? { comparedBySize: bySize } : {}),
    ...(refusal === null ? {} : { refusal, refusedFor: 'circumstances' as const }),
  };
}

/** Ends what waits and whose packages are not those any more that were approved: nobody has seen what it would bring. */
export async function refuseChanged(
  deps: Deps,
  record: RedistributionRecord,
  profile: ServerProfile,
): Promise<void> {
  const all = await deps.store.transaction((tx) => tx.commandsOf(record.id));
  const waiting = all.filter(({ state, command }) => state === 'approved' && command.sources?.length);
  if (waiting.length === 0) return;
  const found = await measure(
    deps,
    profile,
    waiting.flatMap(({ command }) => command.sources ?? []),
  );
  const endings = waiting.flatMap((command): CommandEnding[] => {
    const sources = command.command.sources ?? [];
    const { refusal, changed } = judgeSources(sources, found);
    const reason =
      refusal ??
      (changed.length > 0 ? `since it was proposed, ${changed.join('; ')}` : describeUnread(sources, found));
    return reason === null ? [] : [{ command, kind: 'unstarted', reason }];
  });
  if (endings.length === 0) return;
  await deps.store.transaction(async (tx) => {
    await tx.lockCounting();
    await settleCommands(deps, tx, record, endings);
  });
}

/** What was approved by its content does not run by its size alone. */
function describeUnread(
  sources: readonly PackageSource[],
  found: ReadonlyMap<string, SourceFinding>,
): string | null {
  const unread = sources.find(({ path, digest }) => {
    const finding = found.get(path);
    return digest !== undefined && (typeof finding !== 'object' || finding.digest === undefined);
  });
  return unread ? `the content of ${unread.path} could not be compared with what was approved` : null;
}

async function measure(
  deps: Deps,
  profile: ServerProfile,
  sources: readonly { readonly path: string }[],
): Promise<ReadonlyMap<string, SourceFinding>> {
  const paths = [...new Set(sources.map(({ path }) => path))].slice(0, mostPaths);
  if (paths.length === 0) return new Map();
  try {
    const findings = await deps.servers.measure(profile, paths);
    return new Map(paths.map((path, index) => [path, findings[index] ?? 'unknown']));
  } catch (error) {
    const isAway = error instanceof RestageError && error.code === 'server-unreachable';
    if (isAway) throw error;
    deps.log.warn({ server: profile.name, error: String(error) }, 'packages not looked at');
    return new Map();
  }
}
