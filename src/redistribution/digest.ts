import { createHash } from 'node:crypto';
import type { RebuiltCommand } from '../domain/redistribution.ts';

/** `sha256:HEX` of lines, each with a newline at its end. */
export function digestLines(lines: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const line of lines) hash.update(line).update('\n');
  return `sha256:${hash.digest('hex')}`;
}

/**
 * What an approval is bound to: `sha256:HEX` over all that decides what each command does, for whom, and why it is believed
 * to be right (the log lines it was read from), in order. Any edit, addition or reordering gives another digest.
 */
export function digestCommands(commands: readonly RebuiltCommand[]): string {
  const canonical = commands.map((command) => [
    command.server,
    command.job,
    command.attempt,
    command.argv,
    command.cwd,
    command.packages,
    command.recipients,
    command.recorderFlags ?? [],
    command.provenance.digest,
  ]);
  return `sha256:${createHash('sha256').update(JSON.stringify(canonical)).digest('hex')}`;
}
