import type { SourceFinding } from '../../domain/package-source.ts';
import type { CanaryPolicy, JobRecord, RebuiltCommand } from '../../domain/redistribution.ts';
import type { ServerProfile } from '../../domain/server.ts';
import type { NewCommand } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { rebuildWithCanary } from '../../redistribution/rebuild.ts';
import type { Rerun } from '../../redistribution/select.ts';
import { withVerification } from '../../redistribution/with-verification.ts';
import { withSources } from './package-sources.ts';

/** What commands are made of. */
interface Making {
  readonly redistributionId: string;
  readonly profile: ServerProfile;
  readonly canary: CanaryPolicy | null;
  readonly reruns: readonly Rerun[];
  /** Finds the first attempt at a record's job. */
  readonly originalOf: (record: JobRecord) => JobRecord;
  /** The packages' files as they are now. */
  readonly sources: ReadonlyMap<string, SourceFinding>;
  readonly now: Date;
}

/** So many records are rebuilt before others get their turn. */
const recordsAtOnce = 1_000;

interface PlannedCommands {
  readonly commands: readonly NewCommand[];
  /** Resolves once the database has stored them all. Rejects with the first statement's error: it causes those after it. */
  readonly stored: () => Promise<void>;
}

/**
 * Rebuilds the commands of a proposal (B9) and sends them to the database, behind what it is to do first (`begin`). Thousands
 * are made in portions: the database takes one while the next is made, and the bot does other things in between.
 */
export async function planCommands(
  tx: Tx,
  making: Making,
  begin: () => Promise<void>,
): Promise<PlannedCommands> {
  const { redistributionId: id, reruns } = making;
  const rebuild = await prepareRebuilding(tx, making);
  const planned: NewCommand[] = [];
  const statements: Promise<void>[] = [];
  const send = (statement: Promise<void>) => {
    // Whether it fails is seen when it is waited for.
    statement.catch(() => {});
    statements.push(statement);
  };
  send(begin());
  for (let from = 0; from < reruns.length; from += recordsAtOnce) {
    const commands = reruns.slice(from, from + recordsAtOnce).flatMap(rebuild);
    const portion = commands.map((command, index): NewCommand => {
      const ordinal = planned.length + index;
      return { id: `${id}-${ordinal + 1}`, redistributionId: id, ordinal, command };
    });
    planned.push(...portion);
    send(tx.addCommands(portion));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return {
    commands: planned,
    async stored() {
      for (const statement of statements) await statement;
    },
  };
}

/** Several records of one job are further attempts each: no two commands may claim the same one. */
async function prepareRebuilding(
  tx: Tx,
  { profile, canary, reruns, originalOf, sources, now }: Making,
): Promise<(rerun: Rerun) => readonly RebuiltCommand[]> {
  const jobs = [...new Set(reruns.map(({ record }) => record.job))];
  const lastAttempts = new Map(await tx.lastAttempts(profile.name, jobs));
  const unknown = await tx.unknownAttempts(profile.name);
  return ({ record, recipients, untold, outdated }) => {
    const known = lastAttempts.get(record.job) ?? 0;
    const attempt = Math.max(known, record.attempt) + 1;
    const options = { original: originalOf(record), canary };
    const rebuilt = rebuildWithCanary(record, recipients, profile, attempt, options);
    lastAttempts.set(record.job, attempt + rebuilt.length - 1);
    const running = stillRunning(record, profile, now);
    const open = unknown.filter(
      ({ job, at }) => job === record.job && (at === null || at >= record.startedAt),
    );
    return rebuilt.map((command) => {
      const refusal = running ?? refuseUnknown(command, open);
      const marked = markDoubts(command, { untold, outdated, refusal });
      return withSources(withVerification(marked, profile), record, sources);
    });
  };
}

/** Marks a command with what speaks against it. Returns the same command if nothing does: thousands are made at once. */
function markDoubts(
  command: RebuiltCommand,
  { untold, outdated, refusal }: Pick<Rerun, 'untold' | 'outdated'> & { readonly refusal: string | null },
): RebuiltCommand {
  if (untold.length === 0 && outdated.length === 0 && refusal === null) return command;
  return {
    ...command,
    ...listUntold(untold, command.recipients),
    ...(outdated.length > 0 ? { changed: [...(command.changed ?? []), ...describeOutdated(outdated)] } : {}),
    ...(refusal === null ? {} : { refusal, refusedFor: 'circumstances' as const }),
  };
}

function listUntold(
  untold: readonly string[],
  recipients: readonly string[],
): Pick<RebuiltCommand, 'untold'> {
  const names = new Set(untold);
  const here = recipients.filter((name) => names.has(name));
  return here.length > 0 ? { untold: here } : {};
}

/** A command brings all of its packages: also one of which a newer version is there by now. */
function describeOutdated(outdated: Rerun['outdated']): readonly string[] {
  return outdated.map(
    ({ failure, reason }) => `it brings ${failure.package} to ${failure.recipient} again, but ${reason}`,
  );
}

/** Nothing is tried again before somebody knows how the last try ended (B13). */
function refuseUnknown(
  { recipients }: RebuiltCommand,
  unknown: readonly { readonly recipient: string }[],
): string | null {
  const open = recipients.find((name) => unknown.some(({ recipient }) => recipient === name));
  if (open === undefined) return null;
  return `nobody knows how the last try for ${open} ended; say so first, by “It ran” or “It did not” in the thread of that redistribution`;
}

/** A record without an end is a run that goes on, or one that was killed: only time tells them apart. */
function stillRunning(record: JobRecord, profile: ServerProfile, now: Date): string | null {
  const isOver =
    record.endedAt !== null || now.getTime() - record.startedAt.getTime() > profile.running.timeoutMs;
  if (isOver) return null;
  return `its last run started at ${record.startedAt.toISOString()} and has not ended; it may still be going on`;
}
