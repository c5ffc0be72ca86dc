import type { CommandView } from './command.ts';
import { exactLine } from './escape.ts';
import { describeWhole } from './whole-command.ts';

/** All commands of a proposal. */
export interface ListingView {
  readonly server: string;
  readonly digest: string | null;
  readonly commands: readonly CommandView[];
}

/**
 * All that would run, in plain text and uncut, for a file (B10): nobody should approve what they could not read. Its digest
 * is that of the proposal.
 */
export function renderListing({ server, digest, commands }: ListingView): string {
  const runnable = commands.filter(({ refusal, selected }) => refusal === null && selected);
  const numbers = new Map(commands.map((command, index) => [command.id, index + 1]));
  const parts = runnable.map((command) => describeWhole(command, numbers.get(command.id) ?? 0));
  const head = [
    `Redistribution on ${exactLine(server)}: ${runnable.length} of ${commands.length} commands to run`,
    `Digest of what would run: ${digest ?? 'none'}`,
  ];
  return `${[head.join('\n'), ...parts].join('\n\n')}\n`;
}
