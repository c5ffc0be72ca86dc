import type { Hop, PingResult, Prober } from '../domain/diagnosis.ts';
import type { Problem } from './problem.ts';
import { clientsOf, devices } from './site.ts';
import { isWithin } from './times.ts';

/** Answers probes as the network would at that moment, by what is really wrong. */
export function createNetworkProber(problems: readonly Problem[], now: () => Date): Prober {
  const silencing = problems.filter(({ isSilent }) => isSilent);
  const nameOf = new Map(devices.map(({ ip, name }) => [ip, name]));
  const ipOf = new Map(devices.map(({ name, ip }) => [name, ip]));
  const isSilent = (name: string) =>
    silencing.some(
      (problem) => reaches(problem).has(name) && problem.failing.some((span) => isWithin(span, now())),
    );
  const answers = (address: string) => {
    const name = nameOf.get(address);
    return name !== undefined && !isSilent(name);
  };
  const upstream = new Map(devices.map((device) => [device.name, device.upstream]));
  const wayTo = (name: string): readonly string[] => {
    const above = upstream.get(name) ?? null;
    return above === null ? [name] : [...wayTo(above), name];
  };
  return {
    means: 'simulated network',
    ping: async (address, sent): Promise<PingResult> => {
      const received = answers(address) ? sent : 0;
      const rttMs = received > 0 ? 2 : null;
      return { address, sent, received, rttMs, ownUplinkDown: false, unreachableFrom: null };
    },
    async traceroute(target) {
      const way = wayTo(nameOf.get(target) ?? target);
      const firstSilent = way.findIndex(isSilent);
      const shown = firstSilent === -1 ? way : way.slice(0, firstSilent);
      const hops = shown.map(
        (name, index): Hop => ({ ttl: index + 1, address: ipOf.get(name) ?? null, rttMs: 1 }),
      );
      return { target, hops, reached: firstSilent === -1 };
    },
    connect: async (address, port) => {
      const isOpen = answers(address);
      return { port, result: isOpen ? 'open' : 'silent', rttMs: isOpen ? 1 : null };
    },
    close: async () => {},
  };
}

const reached = new WeakMap<Problem, ReadonlySet<string>>();

/** Whom a problem makes silent: a server and all behind it, else its devices. */
function reaches(problem: Problem): ReadonlySet<string> {
  const known = reached.get(problem);
  if (known) return known;
  const { kind, subject } = problem;
  const names = new Set(kind === 'server' ? [subject, ...clientsOf(subject)] : problem.devices);
  reached.set(problem, names);
  return names;
}
