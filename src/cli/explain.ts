import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { RestageError } from '../domain/errors.ts';
import type { GateResult } from '../domain/gate.ts';
import type { Explanation } from '../workflows/explain.ts';
import type { ExplainInput } from '../workflows/operations.ts';
import { inspect } from './inspect.ts';
import type { CommandContext } from './terminal.ts';
import { configOption } from './terminal.ts';

interface Options {
  readonly config: string;
  readonly json?: boolean;
  readonly probe?: boolean;
}

/** `restage explain FILE…`: every gate that a mail meets, with its values. */
export function addExplainCommand(program: Command, context: CommandContext): void {
  program
    .command('explain')
    .description('show each gate that a mail passes or is stopped by, with its values')
    .argument('<files...>', 'raw mails (.eml)')
    .option(...configOption)
    .option('--json', 'print one JSON object a line for each file')
    .option('--probe', 'really ping and trace the device for the diagnosis gate')
    .action(async (files: string[], { config, json, probe }: Options) => {
      const input: ExplainInput = { files: files.map(readFile), probe: probe === true };
      const explanations = await inspect<Explanation[]>(config, context, 'explain', input);
      for (const explanation of explanations) {
        context.stdout.write(json ? `${JSON.stringify(explanation)}\n` : render(explanation));
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

function render({ file, outcome, gate, reason, gates, alerts }: Explanation): string {
  const lines = [`${file}: ${outcome} (${gate}: ${reason})`, ...gates.map(renderGate)];
  for (const [index, alert] of alerts.entries()) {
    const from = alert.distributionServer ? ` from ${alert.distributionServer}` : '';
    lines.push(`  alert ${index + 1}: ${alert.failure} on ${alert.device}${from}: ${alert.announced}`);
    lines.push(...alert.gates.map(renderGate));
  }
  return `${lines.join('\n')}\n`;
}

function renderGate({ gate, passed, reason, values }: GateResult): string {
  const shown = Object.entries(values)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${value}`);
  return `  ${passed ? 'pass' : 'STOP'}  ${gate.padEnd(10)} ${reason}  ${shown.join(' ')}`.trimEnd();
}
