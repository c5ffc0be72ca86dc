import type { ServerProfile } from '../../domain/server.ts';
import type { CommandRecord } from '../../domain/store/redistributions.ts';
import type { Verification } from '../../redistribution/apply-verification.ts';
import type { Deps } from '../deps.ts';
import { issueCommand } from './issue-command.ts';
import { asItWasSent } from './run-folder.ts';

/** How much of what a verification prints is shown. */
const toldCharacters = 200;

/**
 * Checks whether what a command was to bring is in place (B13), by the trial that was approved with it. Returns `null` if
 * the config wants none now, or none was approved.
 * @throws RestageError `server-unreachable`: call again.
 */
export async function verifyCommand(
  deps: Deps,
  profile: ServerProfile,
  command: CommandRecord,
  signal: AbortSignal,
): Promise<Verification | null> {
  const argv = profile.running.verify ? command.command.verification : undefined;
  if (!argv) return null;
  const trial = { id: `${command.id}-verify`, command: { ...command.command, argv } };
  const request = { ...issueCommand(trial, { ...profile, recorder: null }), mayStart: true };
  let printed = '';
  const decoder = new TextDecoder();
  const watcher = {
    onSend: () => {},
    onSeen: () => {},
    onOutput: (chunk: Uint8Array) => {
      if (printed.length < toldCharacters) printed += decoder.decode(chunk, { stream: true });
    },
  };
  const outcome = await deps.servers.run(asItWasSent(profile, command), request, watcher, signal);
  const words = printed.trim().slice(0, toldCharacters);
  if (outcome.outcome !== 'exited')
    return { verdict: 'unclear', detail: `it did not end (${outcome.outcome})` };
  if (outcome.exitCode !== 0) {
    return { verdict: 'unclear', detail: `exit code ${outcome.exitCode} ${words}`.trim() };
  }
  return words === '' ? { verdict: 'in-place' } : { verdict: 'differs', detail: words };
}
