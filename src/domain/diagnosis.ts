/** One address probed several times (A11). */
export interface PingResult {
  readonly address: string;
  readonly sent: number;
  readonly received: number;
  /** Round trip of the fastest reply, in ms; null without a reply. */
  readonly rttMs: number | null;
  /** Our own host could not send at all (no route, network down). */
  readonly ownUplinkDown: boolean;
  /** Address of a router that answered "unreachable", where one did. */
  readonly unreachableFrom: string | null;
}

/** One TCP port asked for a connection. */
export interface PortResult {
  readonly port: number;
  /** `refused` comes from the device itself: it is alive, and nothing listens there. */
  readonly result: 'open' | 'refused' | 'silent';
  readonly rttMs: number | null;
}

/** A device above the one examined, and whether it answered. */
export interface PathDevice {
  readonly name: string;
  readonly address: string;
  readonly answered: boolean;
}

export interface Hop {
  readonly ttl: number;
  /** null: nobody answered at this distance. */
  readonly address: string | null;
  readonly rttMs: number | null;
}

export interface Route {
  readonly target: string;
  readonly hops: readonly Hop[];
  readonly reached: boolean;
}

/** What the probes saw of a device and of the device above it. */
export interface Evidence {
  readonly target: PingResult;
  /** null when the inventory names no device above, or gives it no address. */
  readonly upstream: PingResult | null;
  readonly route: Route | null;
  /** TCP ports that the site wants asked; empty where a ping was answered. */
  readonly ports: readonly PortResult[];
  /** The way to the device as the inventory knows it, the nearest device above first. */
  readonly path: readonly PathDevice[];
  readonly probedAt: Date;
}

export const verdicts = ['device-down', 'network-down', 'reachable', 'inconclusive'] as const;
export type Verdict = (typeof verdicts)[number];

export interface Diagnosis {
  readonly verdict: Verdict;
  /** Why, in a sentence for the ticket. */
  readonly reason: string;
  /** Distance at which the route ends, for `network-down`; 0 is our own uplink. */
  readonly hop: number | null;
  /** The known device at which the way ends, for `network-down`: silent itself, and the one above it answers. */
  readonly at: string | null;
  readonly evidence: Evidence;
}

/** Sends probes. An address that can't be probed is a result, never an error. */
export interface Prober {
  /** How probing is done, for the log at start: `net-ping` or `ping(8)`. */
  readonly means: string;
  ping(address: string, count: number, signal: AbortSignal): Promise<PingResult>;
  traceroute(address: string, signal: AbortSignal): Promise<Route>;
  /** Asks for a TCP connection and closes it at once. */
  connect(address: string, port: number, signal: AbortSignal): Promise<PortResult>;
  close(): Promise<void>;
}

/** The reason of a problem that was over before anybody saw it. */
export const recoveredWhileHeld = 'recovered-while-held';
