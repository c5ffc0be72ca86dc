import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { RestageError } from '../domain/errors.ts';
import type { Explanation } from '../workflows/explain/explain.ts';
import type { ExplainInput } from '../workflows/operations.ts';
import { inspect } from './inspect.ts';
import { readIds } from './mails.ts';
import { renderGate } from './render-gate.ts';
import type { CommandContext } from './terminal.ts';
import { configOption } from './terminal.ts';

interface Options {
  readonly config: string;
  readonly draft?: boolean;
  readonly id?: readonly number[];
  readonly json?: boolean;
  readonly not?: readonly string[];
  readonly probe?: boolean;
}

/** `restage explain FILE…`: every gate that a mail meets, with its values. */
export function addExplainCommand(program: Command, context: CommandContext): void {
  program
    .command('explain')
    .description('show each gate that a mail passes or is stopped by, with its values')
    .argument('[files...]', 'raw mails (.eml)')
    .option('--id <id...>', 'stored mails, as `restage mails` lists them', readIds)
    .option(...configOption)
    .option('--json', 'print one JSON object a line for each file')
    .option('--draft', 'propose one format for the mails that none knows, as YAML for the config')
    .option('--not <files...>', 'raw mails that the proposed format must not take')
    .option('--probe', 'really ping and trace the device for the diagnosis gate')
    .action(async (files: string[], { config, draft, id: ids = [], json, not = [], probe }: Options) => {
      if (files.length + ids.length === 0)
        throw new RestageError('input-invalid', 'Name mail files, or stored mails with --id.');
      if (not.length > 0 && !draft)
        throw new RestageError('input-invalid', '--not says what --draft must not take: add --draft.');
      const input: ExplainInput = {
        files: files.map(readFile),
        ids,
        probe: probe === true,
        draft: draft === true,
        not: not.map(readFile),
      };
      const explanations = await inspect<Explanation[]>(config, context, 'explain', input);
      for (const explanation of explanations) {
        const text = draft ? renderDraft(explanation, explanations) : render(explanation);
        context.stdout.write(json ? `${JSON.stringify(explanation)}\n` : text);
      }
    });
}

function readFile(name: string): ExplainInput['files'][number] {
  try {
    return { name, base64: readFileSync(name).toString('base64') };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new RestageError('mail-unreadable', `${name} can't be read: ${detail}`, { cause: error });
  }
}

function renderDraft(
  { file, outcome, gate, reason, format, draft }: Explanation,
  all: readonly Explanation[],
): string {
  const state = `# ${file}: ${outcome} (${gate}: ${reason})`;
  if (format !== null && draft === null) return `${state}; the format ${format} knows this mail\n`;
  const isDrafted = all.some((other) => other.draft !== null);
  if (draft === null)
    return `${state}; ${isDrafted ? 'drafted from too' : 'there is nothing to draft a format from'}\n`;
  return `${state}\n# Check each pattern against more mail of this kind before you use it.\n${draft}`;
}

function render(explanation: Explanation): string {
  const { file, outcome, gate, reason, gates, alerts, recoveries, draft } = explanation;
  const lines = [`${file}: ${outcome} (${gate}: ${reason})`, ...gates.map(renderGate)];
  for (const [index, alert] of alerts.entries()) {
    const from = alert.distributionServer ? ` from ${alert.distributionServer}` : '';
    lines.push(`  alert ${index + 1}: ${alert.failure} on ${alert.device}${from}: ${alert.announced}`);
    lines.push(...alert.gates.map(renderGate));
  }
  for (const { device, failure, package: packageName, job } of recoveries) {
    const limits = [failure, packageName, job].filter((each) => each !== null);
    lines.push(`  works again: ${[device, ...limits].join(', ')}`);
  }
  if (draft !== null)
    lines.push('  A format that would read it (a draft: check its patterns):', indent(draft));
  return `${lines.join('\n')}\n`;
}

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, '    ');
}
