import type { ServerProfile } from '../../domain/server.ts';
import type { Measurement } from '../measurement.ts';
import { type Sshd, startSshd } from '../servers/sshd.ts';
import { startWorld } from '../world.ts';
import { measureProposal } from './measure-proposal.ts';
import { measureReading } from './measure-reading.ts';

export interface GatherSizes {
  readonly bytes: number;
  readonly rounds: number;
  readonly jobs: number;
  readonly seed: number;
  readonly only: string | undefined;
  readonly nodeOptions: readonly string[];
}

type Report = (measurement: Measurement) => void;

/** How fast logs are read, and a proposal is made of them, on a real sshd. */
export async function benchGather(
  { bytes, rounds, jobs, seed, only, nodeOptions }: GatherSizes,
  report: Report,
  say: (text: string) => void,
): Promise<void> {
  const sshd = await startSshd();
  const profile = profileOf(sshd);
  try {
    if (only !== 'proposal') {
      const options = { bytes, rounds, random: randomOf(seed), say };
      for (const one of await measureReading(sshd, profile, options)) report(one);
    }
    if (only === 'day') return;
    const world = await startWorld(nodeOptions);
    try {
      for (const one of await measureProposal(world, sshd, profile, { jobs, say })) report(one);
    } finally {
      await world.close();
    }
  } finally {
    await sshd.stop();
  }
}

function profileOf(sshd: Sshd): ServerProfile {
  return {
    name: 'int-38',
    host: '127.0.0.1',
    port: sshd.port,
    user: sshd.user,
    privateKeyFile: sshd.clientKeyFile,
    agentSocket: null,
    hostKey: sshd.hostKeyFingerprint,
    knownHostsFile: null,
    runKeyFile: null,
    jump: [],
    logs: [],
    recorder: null,
    channel: null,
    allowed: [],
    running: {
      timeoutMs: 60_000,
      stopGraceMs: 1_000,
      atOnce: 1,
      onFailure: 'continue',
      environment: {},
      sudo: null,
      giveUpAfterMs: 60_000,
      keepRunsMs: 60_000,
      runFolder: null,
      verify: false,
    },
  };
}

/** mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
