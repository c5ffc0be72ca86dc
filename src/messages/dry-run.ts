import type { ChatMessage } from '../domain/chat.ts';
import type { DryRun } from '../domain/store/dry-runs.ts';
import { context, section } from './blocks.ts';
import { clampMiddle, clampTail, clampText } from './clamp-text.ts';
import { codeBlock, escapeText } from './escape.ts';
import { clampMessage } from './limits.ts';
import { mention, showTime } from './wording.ts';

const commandShown = 300;
const outputShown = 1_200;

/** Renders what a command would do, as its tool says, for the proposal's thread (B11): evidence for those who approve. */
export function renderDryRun(run: DryRun, quoted: string, timeZone: string): ChatMessage {
  const printed = run.output.trim() === '' ? '(no output)' : clampTail(run.output.trimEnd(), outputShown);
  const by = `Dry run, for ${mention(run.requestedBy.userId)} ${showTime(run.requestedAt, timeZone)}; ${promiseText(run)}`;
  return clampMessage({
    text: 'Dry run',
    blocks: [
      section(`:test_tube: *Dry run*\n${codeBlock(`$ ${clampMiddle(quoted, commandShown)}`)}`),
      ...(run.endedAt === null ? [] : [section(codeBlock(printed))]),
      context(`${by} · ${statusText(run)}`),
    ],
  });
}

function promiseText({ approvedBy }: DryRun): string {
  if (approvedBy.length === 0) return 'free: rsync only lists';
  const people = approvedBy.slice(0, 10).map(({ userId }) => mention(userId));
  return `approved by ${people.join(', ')}: it may run tasks of its own`;
}

function statusText({ endedAt, exitCode, note }: DryRun): string {
  if (endedAt === null) return ':hourglass: under way';
  if (exitCode === 0) return ':white_check_mark: exit code 0';
  if (exitCode !== null) return `:x: exit code ${exitCode}`;
  return `:grey_question: ${escapeText(clampText(note ?? 'nobody knows how it went', 300))}`;
}
