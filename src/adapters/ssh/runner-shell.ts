import { randomBytes } from 'node:crypto';
import type { Client, ClientChannel } from 'ssh2';
import { encodeText } from '../../domain/byte-text.ts';
import type { SshHost } from '../../domain/server.ts';
import { type ChannelTurns, openChannel } from './channel.ts';
import { describeNoFolder, describeNoShell, unreachable } from './failures.ts';
import { buildPreamble, type Call } from './remote-runner.ts';
import { createAnswerReader, type EndNotice, type RunReport, readEndNotice } from './run-report.ts';

/** One shell on the server through which all runs are started and followed. */
export interface RunnerShell {
  readonly lost: boolean;
  /** Has the server do the call, which by itself may take so long. Rejects with `server-unreachable` when the answer is lost: it may have been done. */
  ask(call: Call, takesMs?: number): Promise<RunReport>;
  /** Calls back once when a run that was started here has ended; answers how to stop listening. */
  onEnd(id: string, listener: (notice: EndNotice) => void): () => void;
}

/** A server that takes longer has frozen, although its network answers. */
const answerWithinMs = 60_000;

/** Upper bound of its first words that are kept. */
const mostWords = 4;

interface Waiting {
  resolve(report: RunReport): void;
  reject(error: Error): void;
}

/** @throws RestageError `server-refused` where there is no POSIX shell, or it can't write. */
export async function openRunnerShell(
  client: Client,
  server: SshHost,
  turns: ChannelTurns,
  runFolder: string | null,
): Promise<RunnerShell> {
  const nonce = `restage-${randomBytes(12).toString('hex')}`;
  const waiting = new Map<string, Waiting>();
  const ends = new Map<string, (notice: EndNotice) => void>();
  // A fast server's first words come in one packet with the channel: listen before anything is awaited.
  const shell = await openChannel<ReturnType<typeof listen>>(
    client,
    server,
    (done) =>
      client.exec('exec sh -s', (error, channel) =>
        error ? done(error) : done(undefined, listen(channel, server, nonce, waiting, ends)),
      ),
    turns,
  );
  // It stays open, and is in nobody's way: others wait for those that end.
  turns.leave();
  let asked = 0;
  const send = (key: string, text: string, takesMs: number) =>
    new Promise<RunReport>((resolve, reject) => {
      const lost = shell.lost();
      if (lost) {
        reject(lost);
        return;
      }
      const timer = setTimeout(() => client.destroy(), answerWithinMs + takesMs);
      const settle = () => {
        clearTimeout(timer);
        waiting.delete(key);
      };
      waiting.set(key, {
        resolve: (report) => {
          settle();
          resolve(report);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      shell.channel.write(Buffer.from(encodeText(text)));
    });

  const hello = await send('hello', buildPreamble(nonce, runFolder), 0);
  if (hello.state !== 'ready') throw describeNoFolder(server, hello.output.toString());
  return {
    get lost() {
      return shell.lost() !== null;
    },
    ask: (call, takesMs = 0) => {
      const key = String((asked += 1));
      return send(key, call(key), takesMs);
    },
    onEnd: (id, listener) => {
      ends.set(id, listener);
      return () => ends.delete(id);
    },
  };
}

function listen(
  channel: ClientChannel,
  server: SshHost,
  nonce: string,
  waiting: ReadonlyMap<string, Waiting>,
  ends: ReadonlyMap<string, (notice: EndNotice) => void>,
) {
  const read = createAnswerReader(nonce);
  const words: string[] = [];
  let exitCode: number | null = null;
  let lost: Error | null = null;
  let line = '';
  /** Why the server does not reply: nologin(8) and sshd print it here. */
  const noAnswer: string[] = [];
  channel.on('data', (chunk: Buffer) => {
    if (noAnswer.length < mostWords) noAnswer.push(chunk.toString('utf8').slice(0, 300));
    for (const { key, report } of read(chunk)) waiting.get(key)?.resolve(report);
  });
  // What comes unasked: that runs have ended, and answers that took their time.
  const readAside = createAnswerReader(nonce);
  channel.stderr.on('data', (chunk: Buffer) => {
    for (const { key, report } of readAside(chunk)) waiting.get(key)?.resolve(report);
    const lines = (line + chunk.toString('utf8')).split('\n');
    line = lines.pop()?.slice(-1000) ?? '';
    for (const one of lines) {
      const notice = readEndNotice(one, nonce);
      if (notice) ends.get(notice.id)?.(notice);
      else words.splice(0, words.length - 4, one);
    }
  });
  channel.on('exit', (code: number | null) => {
    exitCode = code;
  });
  channel.on('close', () => {
    const error =
      exitCode === null
        ? unreachable(server, 'the connection broke')
        : describeNoShell(server, [...words, line, ...noAnswer].join(' '));
    lost = error;
    for (const one of [...waiting.values()]) one.reject(error);
  });
  channel.on('error', () => {});
  return { channel, lost: () => lost };
}
