import type { RunningPolicy, ServerProfile } from '../../src/domain/server.ts';

const running: RunningPolicy = {
  timeoutMs: 60_000,
  stopGraceMs: 2_000,
  atOnce: 1,
  onFailure: 'continue',
  environment: {},
  sudo: null,
  giveUpAfterMs: 86_400_000,
  verify: false,
  keepRunsMs: 86_400_000,
  runFolder: null,
};

/** What a test changes of a server's profile. */
export type ProfileChange = Partial<Omit<ServerProfile, 'running'>> & {
  readonly running?: Partial<RunningPolicy>;
};

/** A server as a config describes it, with what the test changes. */
export function serverProfile(change: ProfileChange = {}): ServerProfile {
  return {
    name: 'int-38',
    host: '127.0.0.1',
    port: 22,
    user: 'restage',
    privateKeyFile: 'key',
    runKeyFile: null,
    agentSocket: null,
    jump: [],
    hostKey: 'SHA256:x',
    knownHostsFile: null,
    logs: [],
    recorder: null,
    channel: null,
    allowed: [],
    ...change,
    running: { ...running, ...change.running },
  };
}
