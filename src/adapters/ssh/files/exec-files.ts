import { randomBytes } from 'node:crypto';
import type { Client, ClientChannel } from 'ssh2';
import type { SshHost } from '../../../domain/server.ts';
import { type ChannelTurns, openChannel, untilLost } from '../channel.ts';
import { describeNoShell, unreachable } from '../failures.ts';
import { quoteWord } from '../quote-word.ts';
import { type FileFacts, noSuchFile, permissionDenied, type RemoteFiles } from '../logs/remote-files.ts';

/** Exit codes by which the scripts below tell what is wrong. */
const statusOfExit: ReadonlyMap<number, number> = new Map([
  [44, noSuchFile],
  [45, permissionDenied],
]);

/** Of GNU and busybox, else of BSD: mode in hex, size, mtime, name. */
const style =
  's=-c f="%f %s %Y %n"; stat -c %f . >/dev/null 2>&1 || { s=-f f="%Xp %z %m %N"; }; LC_ALL=C; export LC_ALL;';
const scripts = {
  list: `${style} cd "$2" 2>/dev/null || { [ -d "$2" ] && exit 45; exit 44; }; [ -r . ] || exit 45; echo "$1"; find . ! -name . -prune -exec stat $s "$f" {} + 2>/dev/null; exit 0`,
  stat: `${style} [ -e "$2" ] || exit 44; echo "$1"; stat -L $s "$f" "$2" || exit 45`,
  open: `${style} [ -e "$2" ] || exit 44; [ -r "$2" ] || exit 45; echo "$1"; stat -L $s "$f" "$2"`,
  read: 'echo "$1"; tail -c "+$3" "$2" | head -c "$4"',
};

/** Reads files by commands, on a server that has no SFTP. Each is a channel of its own, which waits for its turn. */
export function createExecFiles(client: Client, server: SshHost, turns: ChannelTurns): RemoteFiles {
  const run = (script: keyof typeof scripts, ...words: readonly string[]) =>
    runScript(client, server, turns, scripts[script], words);
  return {
    async stat(path) {
      return requireFacts(readFacts((await run('stat', path)).toString('latin1')), path);
    },
    async list(folder) {
      const lines = (await run('list', folder)).toString('utf8').split('\n');
      return lines.flatMap((line) => {
        const facts = readFacts(line);
        const name = line.split(' ').slice(3).join(' ').replace(/^\.\//, '');
        return facts && name !== '' ? [{ ...facts, name }] : [];
      });
    },
    async open(path) {
      const { size, mtime } = requireFacts(readFacts((await run('open', path)).toString('latin1')), path);
      return {
        size,
        modifiedAt: new Date(mtime * 1000),
        read: async (offset, length) => {
          const wanted = Math.max(0, Math.min(length, size - offset));
          return wanted === 0 ? new Uint8Array() : run('read', path, String(offset + 1), String(wanted));
        },
        close: () => {},
      };
    },
  };
}

function readFacts(line: string): FileFacts | null {
  const [, mode, size, mtime] = /^([0-9a-f]+) (\d+) (\d+) /i.exec(line) ?? [];
  if (mode === undefined) return null;
  return { mode: Number.parseInt(mode, 16), size: Number(size), mtime: Number(mtime) };
}

function requireFacts(facts: FileFacts | null, path: string): FileFacts {
  if (!facts) throw new Error(`stat(1) says nothing of ${path}`);
  return facts;
}

/** Resolves with the output of a script, which begins at a mark: login files may print before it. */
async function runScript(
  client: Client,
  server: SshHost,
  turns: ChannelTurns,
  script: string,
  words: readonly string[],
): Promise<Buffer> {
  const mark = `restage-${randomBytes(12).toString('hex')}`;
  const command = `exec sh -c ${[script, 'sh', mark, ...words].map(quoteWord).join(' ')}`;
  const opened = await openChannel<{ readonly ended: ReturnType<typeof readToEnd> }>(
    client,
    server,
    (done) =>
      client.exec(command, (error, channel) =>
        error ? done(error) : done(undefined, { ended: readToEnd(channel) }),
      ),
    turns,
  );
  try {
    const { output, exitCode } = await untilLost(client, server, opened.ended);
    if (exitCode === null) throw unreachable(server, 'the connection broke');
    const at = output.indexOf(`${mark}\n`);
    const status = statusOfExit.get(exitCode);
    if (status !== undefined)
      throw Object.assign(new Error('no such file, or no permission'), { code: status });
    if (at === -1) throw describeNoShell(server, output.toString('utf8'));
    if (exitCode !== 0) throw new Error(`its command ended with exit code ${exitCode}`);
    return output.subarray(at + mark.length + 1);
  } finally {
    turns.leave();
  }
}

function readToEnd(
  channel: ClientChannel,
): Promise<{ readonly output: Buffer; readonly exitCode: number | null }> {
  const chunks: Buffer[] = [];
  let exitCode: number | null = null;
  channel.on('data', (chunk: Buffer) => chunks.push(chunk));
  channel.stderr.resume();
  channel.on('error', () => {});
  channel.on('exit', (code: number | null) => {
    exitCode = code;
  });
  return new Promise((resolve) => {
    channel.on('close', () => resolve({ output: Buffer.concat(chunks), exitCode }));
  });
}
