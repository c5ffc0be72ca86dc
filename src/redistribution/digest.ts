import { createHash } from 'node:crypto';
import type { RebuiltCommand } from '../domain/redistribution.ts';

/** `sha256:HEX` of the bytes (text: its UTF-8). */
export function digestBytes(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/**
 * What an approval is bound to: `sha256:HEX` over each command's server, argv, directory and recorder flags, in order.
 * Any edit, addition or reordering gives another digest.
 */
export function digestCommands(
  commands: readonly Pick<RebuiltCommand, 'server' | 'argv' | 'cwd' | 'recorderFlags'>[],
): string {
  const canonical = commands.map(({ server, argv, cwd, recorderFlags }) => [
    server,
    argv,
    cwd,
    recorderFlags ?? [],
  ]);
  return digestBytes(JSON.stringify(canonical));
}
