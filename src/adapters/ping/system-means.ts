import { execFile } from 'node:child_process';
import type { PingResult, Route } from '../../domain/diagnosis.ts';
import type { Log } from '../../domain/log.ts';
import { createLimit } from '../../domain/limit.ts';
import { maxHops, type Means, type MeansOptions } from './means.ts';
import { findOwnAddress } from './own-address.ts';
import { toRoute } from './route.ts';
import { readPingOutput, readTracerouteOutput } from './system-output.ts';

/** Processes at a time. */
const maxProcesses = 16;
/** ping(8) lets an ordinary user send five a second, no more. */
const intervalMs = 200;
/** The programs' output is read in the C locale. */
const environment = { LC_ALL: 'C', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

interface Finished {
  readonly stdout: string;
  readonly stderr: string;
}

/** Probes with the system's ping(8) and traceroute(8), which need no privilege of ours. */
export function createSystemMeans({ timeoutMs, log }: MeansOptions & { readonly log: Log }): Means {
  const limit = createLimit(maxProcesses);
  const waitSeconds = String(Math.ceil(timeoutMs / 1000));
  const run = (program: string, args: readonly string[], limitMs: number, signal: AbortSignal) =>
    limit(() => runProgram(program, args, { limitMs, signal, log }));

  return {
    name: 'ping(8)',
    async ping(ip, count, signal): Promise<PingResult> {
      const args = ['-n', '-c', String(count), '-i', String(intervalMs / 1000), '-W', waitSeconds, '--', ip];
      const { stdout, stderr } = await run('ping', args, count * (timeoutMs + intervalMs) + 5000, signal);
      const { sent, received, rttMs, unreachableFrom } = readPingOutput(stdout) ?? nothingSent;
      // ping(8) has one exit code for all its errors; the system call that failed tells ours from the rest.
      const ownUplinkDown = received === 0 && /^ping: (connect|sendmsg|sendto):/m.test(stderr);
      const router = unreachableFrom === (await findOwnAddress(ip)) ? null : unreachableFrom;
      return {
        address: ip,
        sent: ownUplinkDown ? 0 : sent,
        received,
        rttMs,
        ownUplinkDown,
        unreachableFrom: router,
      };
    },
    async traceroute(ip, signal): Promise<Route> {
      const args = ['-n', '-q', '1', '-w', waitSeconds, '-m', String(maxHops), '--', ip];
      const { stdout } = await run('traceroute', args, maxHops * timeoutMs + 5000, signal);
      const own = await findOwnAddress(ip);
      const hops = readTracerouteOutput(stdout).map((hop) =>
        hop.address === own && own !== ip ? { ttl: hop.ttl, address: null, rttMs: null } : hop,
      );
      return toRoute(ip, hops);
    },
    close() {},
  };
}

const nothingSent = { sent: 0, received: 0, rttMs: null, unreachableFrom: null };

/** What the program printed, whatever its exit code; nothing when it could not be started. */
function runProgram(
  program: string,
  args: readonly string[],
  { limitMs, signal, log }: { readonly limitMs: number; readonly signal: AbortSignal; readonly log: Log },
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const options = { timeout: limitMs, env: environment, signal, maxBuffer: 1_000_000 };
    execFile(program, args, options, (error, stdout, stderr) => {
      if (signal.aborted) return reject(signal.reason);
      if (typeof error?.code === 'string')
        log.error({ program, code: error.code }, 'probing program did not run');
      resolve({ stdout, stderr });
    });
  });
}
