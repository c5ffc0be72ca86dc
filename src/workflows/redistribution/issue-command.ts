import type { RunRequest, ServerProfile } from '../../domain/server.ts';
import type { CommandRecord } from '../../domain/store/redistributions.ts';
import { issueArgv } from '../../redistribution/recorder.ts';

/** Returns what is run on the server for a command: through the recorder and sudo, as the config says, with the umask that its original had. */
export function issueCommand(
  { id, command }: Pick<CommandRecord, 'id' | 'command'>,
  { recorder, running }: Pick<ServerProfile, 'recorder' | 'running'>,
): Omit<RunRequest, 'mayStart'> {
  const argv = issueArgv(command, recorder);
  const { sudo } = running;
  const environment = { ...running.environment, ...command.environment };
  const umask = command.context?.umask ?? null;
  const common = { id, cwd: command.cwd, ...(umask === null ? {} : { umask }) };
  if (sudo === null) return { ...common, argv, env: environment };
  // sudo gives what it runs an environment of its own.
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const bySudo = ['sudo', '-n', '-u', sudo, ...variables, '--', ...argv];
  return { ...common, argv: bySudo, env: {} };
}
