import { describePlace } from '../domain/provenance.ts';
import type { CommandView } from './command.ts';
import { plainLine } from './escape.ts';

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
  const parts = runnable.map((command) => describe(command, numbers.get(command.id) ?? 0));
  const head = [
    `Redistribution on ${plainLine(server)}: ${runnable.length} of ${commands.length} commands to run`,
    `Digest of what would run: ${digest ?? 'none'}`,
  ];
  return `${[head.join('\n'), ...parts].join('\n\n')}\n`;
}

function describe(command: CommandView, number: number): string {
  const { provenance, changed = [], changedBy } = command;
  const people = changedBy.map(({ userId }) => userId).join(', ');
  return [
    `${number}. job ${plainLine(command.job)}, attempt ${command.attempt}`,
    `   ${plainLine(command.quoted)}`,
    `   in:         ${plainLine(command.cwd)}`,
    `   packages:   ${plainLine(command.packages.join(', '))}`,
    `   recipients: ${plainLine(command.recipients.join(', '))} (${command.recipients.length})`,
    `   causes:     ${plainLine([...new Set(command.causes)].join('; '))}`,
    `   log:        ${plainLine(describePlace(provenance))} ${provenance.digest}`,
    ...(command.quotedVerification ? [`   verified by: ${plainLine(command.quotedVerification)}`] : []),
    ...(command.confidence === 'inferred' ? ['   IN DOUBT:   the arguments are inferred'] : []),
    ...changed.map((change) => `   IN DOUBT:   ${plainLine(change)}`),
    ...(people === '' ? [] : [`   changed by: ${plainLine(people)}`]),
  ].join('\n');
}
