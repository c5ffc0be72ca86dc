import type { RebuiltCommand } from '../domain/redistribution.ts';
import type { ServerProfile } from '../domain/server.ts';
import { toolOf } from './tool/tools.ts';

/** Returns the command with what verifies it (B13), where the config wants that and the tool can. */
export function withVerification(
  { verification: _before, ...command }: RebuiltCommand,
  { running }: Pick<ServerProfile, 'running'>,
): RebuiltCommand {
  const argv = running.verify ? (toolOf(command.argv)?.verify(command.argv) ?? null) : null;
  return argv === null ? command : { ...command, verification: argv };
}
