import type { CommandTemplate, JobRecord, RebuiltCommand } from '../domain/redistribution.ts';
import { narrowArgv } from './narrow.ts';
import { noResult } from './select.ts';
import { matchTemplate } from './template.ts';

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
  const recipients = [...new Set(failedRecipients)];
  const { argv, refusal } = rebuildArgv(record, recipients, templates);
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
    causes: recipients.map((name) => causeOf.get(name) ?? noResult),
    ...(record.recorderFlags ? { recorderFlags: record.recorderFlags } : {}),
    provenance: record.provenance,
    refusal,
  };
}

function rebuildArgv(
  record: JobRecord,
  failed: readonly string[],
  templates: readonly CommandTemplate[],
): { argv: readonly string[]; refusal: string | null } {
  const all = record.recipients.map(({ name }) => name);
  const refuse = (refusal: string) => ({ argv: record.argv, refusal });
  if (failed.length === 0) return refuse('no recipient failed');
  const stranger = failed.find((name) => !all.includes(name));
  if (stranger !== undefined) return refuse(`${stranger} is not a recipient of this run`);

  const keep = new Set(failed);
  const leaveOut = new Set(all.filter((name) => !keep.has(name)));
  const narrowing = narrowArgv(
    record.argv,
    { keep, leaveOut },
    record.packages,
    chooseTemplate(record, templates),
  );
  if (!narrowing.narrowed) return refuse(narrowing.reason);
  const match = matchTemplate({ argv: narrowing.argv, cwd: record.cwd }, templates);
  return { argv: narrowing.argv, refusal: match.allowed ? null : match.reason };
}

/** The template that says which flags take a value: the one that allows the original, else the program's first. */
function chooseTemplate(
  record: Pick<JobRecord, 'argv' | 'cwd'>,
  templates: readonly CommandTemplate[],
): CommandTemplate | null {
  const candidates = templates.filter((template) => template.program === record.argv[0]);
  return candidates.find((template) => matchTemplate(record, [template]).allowed) ?? candidates[0] ?? null;
}
