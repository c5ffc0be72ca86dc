import { findExcess } from '../domain/command-size.ts';
import type { CanaryPolicy, CommandTemplate, JobRecord, RebuiltCommand } from '../domain/redistribution.ts';
import type { ServerProfile } from '../domain/server.ts';
import { describeReach, narrowArgv } from './narrow.ts';
import { issueArgv } from './recorder.ts';
import { adoptContext, type RunSetting } from './run-context.ts';
import { noResult } from './select.ts';
import { matchTemplate } from './template.ts';
import { describeScript, findTool } from './tool/tools.ts';

/** What of a server's config decides how its commands are rebuilt. */
type Rebuilding = Pick<ServerProfile, 'allowed' | 'recorder'> & RunSetting;

/**
 * The record's command for the recipients that failed, beside its job's `original`, as many commands as its length needs: no system takes an argument
 * of any length. Each is an attempt of its own.
 */
export function rebuildCommands(
  record: JobRecord,
  failedRecipients: readonly string[],
  profile: Rebuilding,
  nextAttempt: number,
  original = record,
): readonly RebuiltCommand[] {
  const draft = draftCommand({ record, original }, failedRecipients, profile, nextAttempt);
  const excess = findExcess(issueArgv(draft, profile.recorder));
  if (excess === null || draft.refusal !== null) return [judge(draft, profile.allowed)];
  // One that goes to the whole list cannot be split.
  const isNarrow = draft.recipients.length <= new Set(failedRecipients).size;
  const parts = (isNarrow ? halve(draft.recipients) : []).flatMap((half) =>
    rebuildCommands(record, half, profile, nextAttempt, original),
  );
  const isHelpful = parts.length > 1 && parts.every(({ refusal }) => refusal === null);
  if (!isHelpful) return [{ ...draft, refusal: parts[0]?.refusal ?? excess }];
  return parts.map((part, index) => ({ ...part, attempt: nextAttempt + index }));
}

/**
 * As `rebuildCommands`; the first recipients get a command of their own where a canary is wanted, and there are more. A command
 * that goes to more than these is none.
 */
export function rebuildWithCanary(
  record: JobRecord,
  failedRecipients: readonly string[],
  profile: Rebuilding,
  nextAttempt: number,
  options: { readonly original: JobRecord; readonly canary: CanaryPolicy | null },
): readonly RebuiltCommand[] {
  const { original, canary } = options;
  const names = [...new Set(failedRecipients)];
  const count = canary?.recipients ?? names.length;
  const rebuild = (some: readonly string[], attempt: number) =>
    rebuildCommands(record, some, profile, attempt, original);
  if (names.length <= count) return rebuild(names, nextAttempt);
  const first = rebuild(names.slice(0, count), nextAttempt);
  const rest = rebuild(names.slice(count), nextAttempt + first.length);
  const isApart =
    [...first, ...rest].every(({ refusal }) => refusal === null) &&
    [first, rest].every((some, index) => reachOf(some) === (index === 0 ? count : names.length - count));
  return isApart
    ? [...first.map((one) => ({ ...one, canary: true as const })), ...rest]
    : rebuild(names, nextAttempt);
}

function reachOf(commands: readonly RebuiltCommand[]): number {
  return commands.reduce((sum, { recipients }) => sum + recipients.length, 0);
}

function halve(names: readonly string[]): readonly (readonly string[])[] {
  if (names.length < 2) return [];
  const middle = Math.ceil(names.length / 2);
  return [names.slice(0, middle), names.slice(middle)];
}

/** Refuses what no template allows. */
function judge(draft: RebuiltCommand, templates: readonly CommandTemplate[]): RebuiltCommand {
  if (draft.refusal !== null) return draft;
  const match = matchTemplate(draft, templates);
  return match.allowed ? draft : { ...draft, refusal: match.reason };
}

/**
 * The record's command for the recipients that failed, with all other parameters and surroundings as they were (B8, B9).
 * `refusal` says why it cannot be approved. A refused command keeps the original arguments, so that a person sees what there
 * was.
 */
function draftCommand(
  { record, original }: { readonly record: JobRecord; readonly original: JobRecord },
  failedRecipients: readonly string[],
  profile: Rebuilding,
  nextAttempt: number,
): RebuiltCommand {
  const failed = [...new Set(failedRecipients)];
  const all = record.recipients.map(({ name }) => name);
  const { argv, recipients, changed, refusal } = draftArgv(record, failed, profile.allowed);
  const { refusal: missingContext, changed: otherContext = [], ...context } = adoptContext(record, profile);
  const others = describeOpenList(record, all);
  const allChanged = [changed, others].filter((one) => one !== null).concat(otherContext);
  const reason = describeReach(argv, recipients, record.server);
  const causeOf = new Map(record.recipients.map(({ name, cause }) => [name, cause]));
  const missing = new Set(failed);
  return {
    server: record.server,
    job: record.job,
    attempt: nextAttempt,
    argv,
    originalArgv: original.argv,
    cwd: record.cwd,
    packages: record.packages,
    recipients,
    originalRecipients: original.recipients.map(({ name }) => name),
    causes: recipients.map((name) => (missing.has(name) ? (causeOf.get(name) ?? noResult) : nothingFailed)),
    adapter: record.adapter,
    confidence: record.confidence,
    ...(record.recorderFlags ? { recorderFlags: record.recorderFlags } : {}),
    ...(record.list ? { list: record.list } : {}),
    ...context,
    ...(reason === null ? {} : { mayReachOthers: reason }),
    provenance: record.provenance,
    ...(allChanged.length > 0 ? { changed: allChanged } : {}),
    refusal: refusal ?? missingContext,
    ...(refusal !== null && { refusedFor: 'recipients' as const }),
    ...(refusal === null && missingContext !== null && { refusedFor: 'circumstances' as const }),
  };
}

/** Why the record may not name all whom the original reached, in a sentence; `null` if it does. */
function describeOpenList(record: JobRecord, recipients: readonly string[]): string | null {
  const { argv, isWhole } = record;
  if (isWhole === true || isUnnamed(record)) return null;
  const call = findTool(argv);
  const reason = call ? call.tool.reach(call.argv, recipients) : (describeScript(argv, recipients) ?? null);
  return reason === null ? null : `the original may have reached others than its record names: ${reason}`;
}

/** What stands for a recipient who is run for again though nothing failed. */
export const nothingFailed = 'nothing failed; it is on the original list';

interface Draft {
  readonly argv: readonly string[];
  readonly recipients: readonly string[];
  /** Why it is for the whole original list; `null`: it is for those that failed. */
  readonly changed: string | null;
  readonly refusal: string | null;
}

/**
 * The command of a tool that nobody knows goes to the whole list where nothing says how to narrow it, and takes a second look.
 * A known tool that refuses is asked for something else than it can.
 */
function draftArgv(
  record: JobRecord,
  failed: readonly string[],
  templates: readonly CommandTemplate[],
): Draft {
  const choose = () => chooseTemplate(record, templates);
  const all = record.recipients.map(({ name }) => name);
  const known = new Set(all);
  const keep = new Set(failed);
  const leaveOut = new Set(all.filter((name) => !keep.has(name)));
  const refuse = (refusal: string): Draft => ({
    argv: record.argv,
    recipients: failed,
    changed: null,
    refusal,
  });
  if (failed.length === 0) return refuse('no recipient failed');
  const stranger = failed.find((name) => !known.has(name));
  if (stranger !== undefined) return refuse(`${stranger} is not a recipient of this run`);
  if (isUnnamed(record)) {
    const changed = 'its record names nobody but this server, so it goes to all whom it reaches again';
    return { argv: record.argv, recipients: all, changed, refusal: null };
  }
  const narrowing = narrowArgv(record.argv, { keep, leaveOut }, record.list ?? null, choose);
  if (narrowing.narrowed) return { argv: narrowing.argv, recipients: failed, changed: null, refusal: null };
  if (findTool(record.argv)) return refuse(narrowing.reason);
  const changed = `it goes to all ${all.length} recipients of the original again, of whom ${leaveOut.size} did not fail: ${narrowing.reason}`;
  return { argv: record.argv, recipients: all, changed, refusal: null };
}

/**
 * Returns whether nobody knows whom a tool reached: without a name its recorder takes the server for the recipient, which must not
 * get what others were to get.
 */
function isUnnamed({ argv, recipients, server, isWhole }: JobRecord): boolean {
  if (isWhole === true || recipients.some(({ name }) => name !== server)) return false;
  const call = findTool(argv);
  return call !== null && call.tool.reach(call.argv, [server]) !== null;
}

/** The template that says which flags take a value: the one that allows the original, else the program's first. */
function chooseTemplate(
  record: Pick<JobRecord, 'argv' | 'cwd'>,
  templates: readonly CommandTemplate[],
): CommandTemplate | null {
  const candidates = templates.filter((template) => template.program === record.argv[0]);
  return candidates.find((template) => matchTemplate(record, [template]).allowed) ?? candidates[0] ?? null;
}
