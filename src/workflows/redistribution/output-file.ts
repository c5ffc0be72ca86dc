import type { ChatFile } from '../../domain/chat.ts';
import type { ServerProfile } from '../../domain/server.ts';
import type { CommandRecord } from '../../domain/store/redistributions.ts';
import { outputShown } from '../../messages/output.ts';
import { countOf } from '../../messages/wording.ts';
import { quoteArgv } from '../../redistribution/quote-argv.ts';
import type { Deps } from '../deps.ts';
import { issueCommand } from './issue-command.ts';
import { asItWasSent } from './run-folder.ts';

/** A file of more is no use to anybody in Slack. */
const fileLimitBytes = 20 * 1024 * 1024;
/** A server that does not answer in this time is not waited for: then the ends of the outputs make the file. */
const readWithinMs = 60_000;
/** With more commands than this, their outputs stand together in the file. */
const commandsInThread = 12;

/** Whether the thread's messages don't hold all that the commands have printed. */
export function needsOutputFile(commands: readonly Pick<CommandRecord, 'output'>[]): boolean {
  const printing = commands.filter(({ output }) => output !== '');
  return printing.length > commandsInThread || printing.some(({ output }) => output.length > outputShown);
}

/** All that a redistribution's commands have printed, as one file; null: nothing. */
export async function writeOutputFile(deps: Deps, id: string): Promise<ChatFile | null> {
  const { record, commands } = await deps.store.transaction(async (tx) => ({
    record: await tx.redistribution(id),
    commands: await tx.commandsOf(id),
  }));
  const printing = commands.filter(({ output }) => output !== '');
  if (!record || printing.length === 0) return null;
  const profile = deps.policies.servers.get(record.server) ?? null;
  const signal = AbortSignal.timeout(readWithinMs);
  const pieces: Buffer[] = [];
  let room = fileLimitBytes;
  for (const command of printing) {
    const output = await readOutput(deps, profile, command, room, signal);
    const title = `# ${command.ordinal + 1}. ${quoteArgv(command.command.argv)}\n# exit code ${command.exitCode ?? 'none'}\n`;
    pieces.push(Buffer.from(title), output, Buffer.from('\n\n'));
    room = Math.max(0, room - output.length);
  }
  const title = `Output of ${countOf(printing.length, 'command')} on ${record.server}`;
  return { name: `output-${record.id}.txt`, title, bytes: Buffer.concat(pieces), altText: title };
}

/** The whole output lies on the server; what the database has is its end. */
async function readOutput(
  deps: Deps,
  profile: ServerProfile | null,
  command: CommandRecord,
  room: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const watcher = {
    onSend: () => {},
    onSeen: () => {},
    onOutput: (chunk: Uint8Array) => {
      if (size < room) chunks.push(chunk.subarray(0, room - size));
      size += chunk.length;
    },
  };
  try {
    if (!profile) throw new Error('its server is not in the config any more');
    const request = { ...issueCommand(command, profile), mayStart: false };
    await deps.servers.run(asItWasSent(profile, command), request, watcher, signal);
    if (size === 0) throw new Error('the server does not have it any more');
    if (size > room) chunks.push(Buffer.from(`\n… cut here: it is ${size} bytes long\n`));
    return Buffer.concat(chunks);
  } catch (error) {
    deps.log.warn({ command: command.id, error: String(error) }, 'output not read whole');
    return Buffer.from(`… only its end:\n${command.output}`);
  }
}
