import { findExcess } from '../domain/command-size.ts';
import type { CommandTemplate, JobRecord, RebuiltCommand } from '../domain/redistribution.ts';
import type { ServerProfile } from '../domain/server.ts';
import { narrowArgv } from './narrow.ts';
import { issueArgv } from './recorder.ts';
import { noResult } from './select.ts';
import { matchTemplate } from './template.ts';

/** What of a server's config decides how its commands are rebuilt. */
type Rebuilding = Pick<ServerProfile, 'allowed' | 'recorder'>;

/**
 * The record's command for the recipients that failed, as many commands as its length needs: no system takes an argument
 * of any length. Each is an attempt of its own.
 */
export function rebuildCommands(
  record: JobRecord,
  failedRecipients: readonly string[],
  profile: Rebuilding,
  nextAttempt: number,
): readonly RebuiltCommand[] {
  const draft = draftCommand(record, failedRecipients, profile.allowed, nextAttempt);
  const excess = findExcess(issueArgv(draft, profile.recorder));
  if (excess === null || draft.refusal !== null) return [judge(draft, profile.allowed)];
  const parts = halve(draft.recipients).flatMap((half) =>
    rebuildCommands(record, half, profile, nextAttempt),
  );
  const isHelpful = parts.length > 1 && parts.every(({ refusal }) => refusal === null);
  if (!isHelpful) return [{ ...draft, refusal: parts[0]?.refusal ?? excess }];
  return parts.map((part, index) => ({ ...part, attempt: nextAttempt + index }));
}

function halve(names: readonly string[]): readonly (readonly string[])[] {
  if (names.length < 2) return [];
  const middle = Math.ceil(names.length / 2);
  return [names.slice(0, middle), names.slice(middle)];
}

/**
 * The record's command for the recipients that failed, with all other parameters as they were (B8, B9). `refusal` says
 * why it cannot be approved: a stranger among the recipients, nothing safe to leave out, or no template that allows it.
 * A refused command keeps the original arguments, so that a person sees what there was.
 */
export function rebuildCommand(
  record: JobRecord,
  failedRecipients: readonly string[],
  templates: readonly CommandTemplate[],
  nextAttempt: number,
): RebuiltCommand {
  return judge(draftCommand(record, failedRecipients, templates, nextAttempt), templates);
}

/** Refuses what no template allows. */
function judge(draft: RebuiltCommand, templates: readonly CommandTemplate[]): RebuiltCommand {
  if (draft.refusal !== null) return draft;
  const match = matchTemplate(draft, templates);
  return match.allowed ? draft : { ...draft, refusal: match.reason };
}

function draftCommand(
  record: JobRecord,
  failedRecipients: readonly string[],
  templates: readonly CommandTemplate[],
  nextAttempt: number,
): RebuiltCommand {
  const recipients = [...new Set(failedRecipients)];
  const { argv, refusal } = draftArgv(record, recipients, templates);
  const causeOf = new Map(record.recipients.map(({ name, cause }) => [name, cause]));
  return {
    server: record.server,
    job: record.job,
    attempt: nextAttempt,
    argv,
    originalArgv: record.argv,
    cwd: record.cwd,
    packages: record.packages,
    recipients,
    originalRecipients: record.recipients.map(({ name }) => name),
    causes: recipients.map((name) => causeOf.get(name) ?? noResult),
    adapter: record.adapter,
    confidence: record.confidence,
    ...(record.recorderFlags ? { recorderFlags: record.recorderFlags } : {}),
    provenance: record.provenance,
    refusal,
    ...(refusal === null ? {} : { refusedFor: 'recipients' as const }),
  };
}

function draftArgv(
  record: JobRecord,
  failed: readonly string[],
  templates: readonly CommandTemplate[],
): { argv: readonly string[]; refusal: string | null } {
  const all = new Set(record.recipients.map(({ name }) => name));
  const refuse = (refusal: string) => ({ argv: record.argv, refusal });
  if (failed.length === 0) return refuse('no recipient failed');
  const stranger = failed.find((name) => !all.has(name));
  if (stranger !== undefined) return refuse(`${stranger} is not a recipient of this run`);

  const keep = new Set(failed);
  const leaveOut = new Set([...all].filter((name) => !keep.has(name)));
  const choose = () => chooseTemplate(record, templates);
  const narrowing = narrowArgv(record.argv, { keep, leaveOut }, record.packages, choose);
  return narrowing.narrowed ? { argv: narrowing.argv, refusal: null } : refuse(narrowing.reason);
}

/** The template that says which flags take a value: the one that allows the original, else the program's first. */
function chooseTemplate(
  record: Pick<JobRecord, 'argv' | 'cwd'>,
  templates: readonly CommandTemplate[],
): CommandTemplate | null {
  const candidates = templates.filter((template) => template.program === record.argv[0]);
  return candidates.find((template) => matchTemplate(record, [template]).allowed) ?? candidates[0] ?? null;
}
