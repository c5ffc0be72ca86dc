import { createServer, connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { createServerAccess } from '../../adapters/ssh/server-access.ts';
import type { ServerAccess, ServerProfile } from '../../domain/server.ts';
import { readStamp } from '../../redistribution/adapter/record-log.ts';
import { atMost, atMostTimes, exactly, type Measurement, median } from '../measurement.ts';
import type { Sshd } from '../servers/sshd.ts';
import { type LoggedDay, writeLog } from './write-log.ts';

export interface ReadingOptions {
  readonly bytes: number;
  readonly rounds: number;
  readonly random: () => number;
  readonly say: (text: string) => void;
}

const days = 40;
const megabyte = 1_000_000;
const silentLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * One random day out of a large log in the order of its times, over SFTP, beside fetching the whole file the fastest way
 * that ssh2 has (`fastGet`). Bytes are those of the TCP connection; they are counted apart, so that counting costs no time.
 */
export async function measureReading(
  sshd: Sshd,
  profile: ServerProfile,
  { bytes, rounds, random, say }: ReadingOptions,
): Promise<readonly Measurement[]> {
  const folder = join(sshd.home, 'large');
  mkdirSync(folder);
  const path = join(folder, 'push.jsonl');
  say(`writing a log of ${bytes} bytes`);
  const weights = Array.from({ length: days }, () => 0.05 + random() ** 3);
  const logged = await writeLog(path, bytes, weights, new Date(Date.now() - days * 86_400_000));
  const access = createServerAccess({ log: silentLog });
  const relay = await startRelay(sshd.port);
  try {
    const chosen = Array.from({ length: rounds }, () => logged[Math.floor(random() * days)]).filter(
      (day) => day !== undefined,
    );
    const results: Measurement[] = [];
    const wholeMs = median(await collect(rounds, () => fetchWhole(sshd, path, folder)));
    say(`fastGet of the whole file: ${Math.round(wholeMs)} ms`);
    for (const day of chosen) {
      const dayBytes = day.end - day.start;
      const before = relay.bytes();
      const wrong = await readDay(access, { ...profile, port: relay.port }, path, day);
      const carried = relay.bytes() - before;
      await readDay(access, profile, path, day);
      const tookMs = await timeOf(() => readDay(access, profile, path, day));
      const name = `a day of ${(dayBytes / megabyte).toFixed(1)} MB out of ${Math.round(statSync(path).size / megabyte)} MB`;
      results.push(
        exactly(`${name}, bytes that differ`, wrong, 0),
        atMost(`${name}, bytes over SSH`, carried, Math.floor(1.2 * dayBytes + 4 * megabyte)),
        atMostTimes(`${name}, ms against fastGet`, tookMs, wholeMs, 0.2),
      );
    }
    return results;
  } finally {
    await access.close();
    relay.close();
    rmSync(folder, { recursive: true });
  }
}

/** How many bytes of the answer are not those of the day: lines at its edges may come beside. */
async function readDay(
  access: ServerAccess,
  profile: ServerProfile,
  path: string,
  { from, until, start, end }: LoggedDay,
): Promise<number> {
  const slices = await access.readLogs(profile, { path, period: { from, until }, timeOf: readStamp });
  const [slice] = slices;
  if (slices.length !== 1 || !slice) return end - start;
  return Math.abs(slice.offset - start) + Math.abs(slice.offset + slice.bytes.length - end);
}

async function fetchWhole(sshd: Sshd, path: string, folder: string): Promise<number> {
  const client = new ssh2.Client();
  const privateKey = readFileSync(sshd.clientKeyFile);
  client.connect({ host: '127.0.0.1', port: sshd.port, username: sshd.user, privateKey });
  await once(client, 'ready');
  client.setNoDelay(true);
  try {
    return await timeOf(
      () =>
        new Promise<void>((resolve, reject) => {
          client.sftp((error, sftp) => {
            if (error) reject(error);
            else
              sftp.fastGet(path, join(folder, 'copy'), (failure) => (failure ? reject(failure) : resolve()));
          });
        }),
    );
  } finally {
    client.end();
    rmSync(join(folder, 'copy'), { force: true });
  }
}

async function collect(rounds: number, measure: () => Promise<number>): Promise<readonly number[]> {
  const values: number[] = [];
  for (let left = Math.min(3, rounds); left > 0; left--) values.push(await measure());
  return values;
}

export async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  await work();
  return performance.now() - since;
}

/** Passes connections on, and counts what comes back from the server. */
async function startRelay(port: number) {
  let carried = 0;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const target = connect(port, '127.0.0.1');
    for (const one of [socket, target]) {
      open.add(one);
      one.on('error', () => {}).on('close', () => open.delete(one));
    }
    target.on('data', (chunk: Buffer) => {
      carried += chunk.length;
    });
    target.pipe(socket);
    socket.pipe(target);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    bytes: () => carried,
    close() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
