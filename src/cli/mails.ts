import { type Command, InvalidArgumentError } from 'commander';
import type { StoredMailLine } from '../domain/store/stored-mails.ts';
import type { MailsInput } from '../workflows/intake/mail-operations.ts';
import type { MailView } from '../workflows/intake/stored-mail.ts';
import { inspect } from './inspect.ts';
import { renderGate } from './render-gate.ts';
import type { CommandContext } from './terminal.ts';
import { configOption } from './terminal.ts';
import { escapeForTerminal, escapeLinesForTerminal } from './terminal-text.ts';

interface ListOptions {
  readonly config: string;
  readonly state?: string;
  readonly since?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** `restage mails`, `restage mails show ID`: what came in, and what became of it. */
export function addMailsCommand(program: Command, context: CommandContext): void {
  const mails = program.command('mails').description('list stored mails, or show one');
  mails
    .command('list', { isDefault: true })
    .description('list stored mails, the newest first (what `restage mails` alone does)')
    .option(...configOption)
    .option('--state <state>', 'accepted, rejected, ignored or dead-letter; default: all')
    .option('--since <duration>', 'received within, such as 24h')
    .option('--limit <n>', 'at most so many', readId, 50)
    .option('--json', 'print one JSON object a line for each mail')
    .action(async ({ config, state, since, limit, json }: ListOptions) => {
      const input: MailsInput = { state: state ?? null, since: since ?? null, limit };
      const lines = await inspect<StoredMailLine[]>(config, context, 'mails', input);
      for (const line of lines) context.stdout.write(json ? `${JSON.stringify(line)}\n` : renderLine(line));
      if (lines.length === 0 && !json) context.stdout.write('no mails\n');
    });
  mails
    .command('show')
    .description('show the headers, the text and the gates of a stored mail')
    .argument('<id>', 'as `restage mails` lists it', readId)
    .option(...configOption)
    .option('--json', 'print one JSON object')
    .action(async (id: number, { config, json }: { config: string; json?: boolean }) => {
      const view = await inspect<MailView>(config, context, 'mail', { id });
      context.stdout.write(json ? `${JSON.stringify(view)}\n` : renderView(view));
    });
}

/** A mail's id, or another number from 1 on. */
function readId(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return Number(text);
}

/** As `readId`, for options and arguments that take several. */
export function readIds(text: string, ids: readonly number[] | undefined): readonly number[] {
  return [...(ids ?? []), readId(text)];
}

/** Dates have been through JSON on their way from the bot. */
function renderLine(line: StoredMailLine): string {
  const { id, receivedAt, state, gate, reason, fromAddress, subject } = line;
  const time = new Date(receivedAt).toISOString().slice(0, 19);
  const what = `${id}  ${time}Z  ${state} (${gate}: ${reason})  ${fromAddress ?? '-'}  ${subject}`;
  return `${escapeForTerminal(what)}\n`;
}

function renderView(view: MailView): string {
  const { gates, headers, text, readmittedBy, readmittedAt } = view;
  const lines = [renderLine(view).trimEnd(), ...gates.map(renderGate)];
  if (readmittedBy !== null && readmittedAt !== null)
    lines.push(
      `  re-admitted by ${escapeForTerminal(readmittedBy)} at ${new Date(readmittedAt).toISOString()}`,
    );
  lines.push('', ...headers.map(({ name, value }) => escapeForTerminal(`${name}: ${value}`)), '');
  lines.push(text === null ? '(its source is not kept any more)' : escapeLinesForTerminal(text).trimEnd());
  return `${lines.join('\n')}\n`;
}
