import type { Diagnosis, Evidence, Hop, PathDevice, PingResult, Route } from '../domain/diagnosis.ts';

type Judgement = Omit<Diagnosis, 'evidence'>;

/**
 * What the probes mean (A11). Any reply counts, no matter to which probe; "timed out" and "unreachable" count
 * the same, because routers limit how many ICMP errors they send. Only the device above tells a dead device
 * from a dead network: where none is known, silence stays `inconclusive`.
 */
export function judgeEvidence(evidence: Evidence): Diagnosis {
  return { ...judge(evidence), evidence };
}

function judge(evidence: Evidence): Judgement {
  const { target, upstream, route, ports } = evidence;
  if (target.received > 0) {
    return found('reachable', `${target.address} answered ${target.received} of ${target.sent} pings`);
  }
  if (route?.reached === true || target.unreachableFrom === target.address) {
    return found('reachable', `${target.address} answered no ping, but it did answer`);
  }
  const speaking = ports.find(({ result }) => result !== 'silent');
  if (speaking) {
    return found(
      'reachable',
      `${target.address} answered no ping, but port ${speaking.port} is ${speaking.result}`,
    );
  }
  if (target.ownUplinkDown) {
    return { ...found('network-down', `our own host has no way to send to ${target.address}`), hop: 0 };
  }
  if (target.sent === 0) return found('inconclusive', `${target.address} could not be probed`);
  const silence = `${target.address} answered none of ${target.sent} pings`;
  if (upstream === null || (upstream.sent === 0 && !upstream.ownUplinkDown)) {
    return found('inconclusive', `${silence}, and no device above it is known${describeEnd(route)}`);
  }
  if (answers(upstream, target, route)) {
    return found('device-down', `${silence}, while ${upstream.address} above it answers`);
  }
  const hop = findEnd(route, target.unreachableFrom ?? upstream.unreachableFrom);
  const at = findBreak(evidence);
  const where = at === null ? '' : `; on the known way ${at} is the first that is silent`;
  return {
    ...found('network-down', `${silence}, nor did ${upstream.address} above it${describeEnd(route)}${where}`),
    hop,
    at,
  };
}

/** The silent device nearest to us on the known way: the one above it answers, or there is none above it. */
function findBreak({ path, route }: Evidence): string | null {
  const isSeen = ({ address, answered }: PathDevice) =>
    answered || (route?.hops.some((hop) => hop.address === address) ?? false);
  const lastSeen = path.findIndex(isSeen);
  const silent = lastSeen === -1 ? path.at(-1) : path[lastSeen - 1];
  return silent?.name ?? null;
}

/** One hop after the last that answered; unknown when a router spoke up that the route does not show. */
function findEnd(route: Route | null, complainant: string | null): number | null {
  if (route === null) return null;
  const shown = complainant === null || route.hops.some(({ address }) => address === complainant);
  return shown ? (lastAnswered(route)?.ttl ?? 0) + 1 : null;
}

function found(verdict: Diagnosis['verdict'], reason: string): Judgement {
  return { verdict, reason, hop: null, at: null };
}

/** A device that ignores pings may still show itself as a hop, or as the sender of an ICMP error. */
function answers(upstream: PingResult, target: PingResult, route: Route | null): boolean {
  return (
    upstream.received > 0 ||
    target.unreachableFrom === upstream.address ||
    (route?.hops.some(({ address }) => address === upstream.address) ?? false)
  );
}

function lastAnswered(route: Route): Hop | undefined {
  return route.hops.findLast(({ address }) => address !== null);
}

function describeEnd(route: Route | null): string {
  if (route === null) return '';
  const last = lastAnswered(route);
  if (last === undefined) return '; no hop of the route answered';
  return `; the route ends after hop ${last.ttl} (${last.address})`;
}
