import type { RunRequest, ServerProfile } from '../../domain/server.ts';
import type { CommandRecord } from '../../domain/store/redistributions.ts';
import { issueArgv } from '../../redistribution/recorder.ts';

/** What is run on the server for a command: through the recorder and sudo, as the config says. */
export function issueCommand(
  { id, command }: Pick<CommandRecord, 'id' | 'command'>,
  { recorder, running }: Pick<ServerProfile, 'recorder' | 'running'>,
): Omit<RunRequest, 'mayStart'> {
  const argv = issueArgv(command, recorder);
  const { sudo } = running;
  const environment = { ...running.environment, ...command.environment };
  if (sudo === null) return { id, argv, cwd: command.cwd, env: environment };
  // sudo gives what it runs an environment of its own.
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const bySudo = ['sudo', '-n', '-u', sudo, ...variables, '--', ...argv];
  return { id, argv: bySudo, cwd: command.cwd, env: {} };
}
