import type { Client, ClientChannel } from 'ssh2';
import type { Clock } from '../../domain/clock.ts';
import { RestageError } from '../../domain/errors.ts';
import type { SshHost } from '../../domain/server.ts';
import type { ClockReading } from '../../domain/server-clock.ts';
import { type ChannelTurns, openChannel, untilLost } from './channel.ts';

const mark = 'restage-clock';
/** BSD's date(1) prints `%N` as it is. Whatever shell the user has: only `sh` reads the rest. */
const command = `exec sh -c 'echo "${mark} $(date +%s.%N)"'`;
const answer = new RegExp(String.raw`^${mark} (\d{9,11})(?:\.(\d{3,9}))?.*\n`, 'm');
/** Login files may take their time; a shell that hangs must not. */
const answerWithinMs = 5_000;
const mostBytes = 4_096;

/** The output of the first command on a connection. */
export interface FirstWords {
  /** `null`: the server does not tell, as where it allows only SFTP. */
  readonly clock: ClockReading | null;
  /** What it printed besides: by login files, or why it runs no commands. */
  readonly printed: string;
}

/** Measures a server's clock by date(1). Rejects only if the connection is lost. */
export async function measureClock(
  client: Client,
  server: SshHost,
  clock: Clock,
  turns: ChannelTurns,
): Promise<FirstWords> {
  const opening = openChannel<{ readonly words: Promise<FirstWords> }>(
    client,
    server,
    (done) => {
      const sentMs = performance.now();
      // A fast server's words come in one packet with the channel: listen before anything is awaited.
      client.exec(command, (error, channel) =>
        error ? done(error) : done(undefined, { words: readWords(channel, clock, sentMs) }),
      );
    },
    turns,
  );
  const opened = await opening.catch((error: unknown) => {
    if (error instanceof RestageError && error.code === 'server-refused') return null;
    throw error;
  });
  if (!opened) return { clock: null, printed: '' };
  return untilLost(client, server, opened.words).finally(() => turns.leave());
}

/** Resolves once the time has come, the command has ended without it, or nothing came in time. */
function readWords(channel: ClientChannel, clock: Clock, sentMs: number): Promise<FirstWords> {
  let text = '';
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      channel.close();
      const printed = text.replace(/^restage-clock .*$/m, '').trim();
      resolve({ clock: readClock(text, clock.now(), performance.now() - sentMs), printed });
    };
    const timer = setTimeout(end, answerWithinMs);
    const take = (chunk: Buffer) => {
      if (text.length < mostBytes) text += chunk.toString('utf8').slice(0, mostBytes);
      if (answer.test(text)) end();
    };
    channel.on('data', take);
    channel.stderr.on('data', take);
    channel.on('error', () => {});
    channel.on('close', end);
  });
}

/** The time was read at some moment of the round trip. `null`: none came. */
function readClock(text: string, now: Date, roundTripMs: number): ClockReading | null {
  const [, seconds, fraction] = answer.exec(text) ?? [];
  if (seconds === undefined) return null;
  // Without a fraction any moment of that second may be meant.
  const [withinMs, stepMs] = fraction === undefined ? [500, 1_000] : [Number(`0.${fraction}`) * 1_000, 0];
  return {
    offsetMs: Number(seconds) * 1_000 + withinMs - (now.getTime() - roundTripMs / 2),
    uncertaintyMs: (roundTripMs + stepMs) / 2,
    measuredAt: now,
  };
}
