import { RestageError } from '../../domain/errors.ts';
import type { ServerProfile } from '../../domain/server.ts';
import type { Sight, WatchPolicy } from '../../domain/watch.ts';
import type { Deps } from '../deps.ts';

const probeLimitMs = 30_000;
/** How far up the known way is looked: beyond that the fault is not the device's. */
const pathLength = 6;

/** Looks at devices, each once, however many ask for it. */
export interface Watcher {
  /** `cut-off` names the device at which the way to it is broken. */
  look(target: string): Promise<{ readonly sight: Sight; readonly brokenAt: string | null }>;
  /** Whether a server lets us in as well: its port alone may be open while it starts. Others do. */
  letsIn(target: string): Promise<boolean>;
}

/** One round of looking: what was asked of a device once is not asked again in it. */
export function createWatcher(deps: Deps, policy: WatchPolicy): Watcher {
  const answers = remember((name) => ping(deps, name));
  const serves = remember((name) => isServing(deps, policy, name, answers));

  return {
    async look(target) {
      const own = await serves(target);
      if (own !== 'down') return { sight: own, brokenAt: null };
      const brokenAt = await findBreak(deps, target, answers);
      return { sight: brokenAt === null ? 'down' : 'cut-off', brokenAt };
    },

    async letsIn(target) {
      const profile = deps.policies.servers.get(target);
      return !profile || isReached(deps, profile);
    },
  };
}

async function isReached(deps: Deps, profile: ServerProfile): Promise<boolean> {
  try {
    await deps.servers.reach(profile);
    return true;
  } catch (error) {
    const code = error instanceof RestageError ? error.code : null;
    deps.log.info({ server: profile.name, code, error: String(error) }, 'server does not let in');
    return false;
  }
}

type Answer = 'up' | 'down' | 'unknown';
type Ask = (name: string) => Promise<Answer>;

function remember(ask: Ask): Ask {
  const asked = new Map<string, Promise<Answer>>();
  return (name) => {
    const known = asked.get(name) ?? ask(name);
    asked.set(name, known);
    return known;
  };
}

/** A server by its SSH port, or by logging in where it is behind others; a device by the ports that the site names, else by ping. */
async function isServing(deps: Deps, policy: WatchPolicy, name: string, answers: Ask): Promise<Answer> {
  const profile = deps.policies.servers.get(name);
  if (profile && profile.jump.length > 0) return (await isReached(deps, profile)) ? 'up' : 'down';
  const ports = profile ? [profile.port] : policy.ports;
  if (ports.length === 0) return answers(name);
  const address = profile?.host ?? addressOf(deps, name);
  const asked = ports.map((port) => deps.prober.connect(address, port, AbortSignal.timeout(probeLimitMs)));
  if ((await Promise.all(asked)).some(({ result }) => result === 'open')) return 'up';
  return (await answers(name)) === 'unknown' ? 'unknown' : 'down';
}

async function ping(deps: Deps, name: string): Promise<Answer> {
  const { pings } = deps.policies.diagnosis;
  const signal = AbortSignal.timeout(probeLimitMs);
  const { received, ownUplinkDown } = await deps.prober.ping(addressOf(deps, name), pings, signal);
  if (received > 0) return 'up';
  return ownUplinkDown ? 'unknown' : 'down';
}

/** The silent device above it that is nearest to us; null: the one right above it answers, or none is known. */
async function findBreak(deps: Deps, target: string, answers: Ask): Promise<string | null> {
  let broken: string | null = null;
  let below = deps.inventory.find(target);
  for (let steps = 0; steps < pathLength && below?.upstream; steps += 1) {
    const above = deps.inventory.find(below.upstream);
    if (!above || (await answers(above.name)) !== 'down') break;
    broken = above.name;
    below = above;
  }
  return broken;
}

function addressOf({ inventory }: Deps, name: string): string {
  const device = inventory.find(name);
  return device?.ip ?? device?.fqdn ?? device?.name ?? name;
}
