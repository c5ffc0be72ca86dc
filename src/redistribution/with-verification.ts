import type { RebuiltCommand } from '../domain/redistribution.ts';
import type { ServerProfile } from '../domain/server.ts';
import { toolOf } from './tool/tools.ts';

/** Returns the command with what verifies it (B13), where the config wants that and the tool can. */
export function withVerification(
  command: RebuiltCommand,
  { running }: Pick<ServerProfile, 'running'>,
): RebuiltCommand {
  const argv = running.verify ? (toolOf(command.argv)?.verify(command.argv) ?? null) : null;
  if (argv !== null) return { ...command, verification: argv };
  if (command.verification === undefined) return command;
  const { verification: _before, ...bare } = command;
  return bare;
}
