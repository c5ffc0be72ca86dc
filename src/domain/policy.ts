import type { BuildingQueue, HoldSchedule, RouteRule } from './ticket-policy.ts';

/** What the site decides, read from the config and handed to the pure folders. All durations are in ms. */

/** Which senders are believed (A2, A4, A5). */
export interface ValidationPolicy {
  /** Domains, or tails of domains on label boundaries; IP addresses and CIDR ranges for address literals. */
  readonly domains: readonly (string | ScopedDomain)[];
  /**
   * Node names, `*` standing for any part of a name; the inventory's names belong to them. Where entries name a node
   * the inventory knows too, the entries decide.
   */
  readonly nodes: readonly (string | ScopedNode)[];
  /** The distribution servers, by name and host: where there is a node list they belong to it. Left out: none. */
  readonly servers?: readonly string[];
  /** Senders that report for others (the master, the distribution tool): the node stands in the mail. `local@domain`, a domain or a host's short name. */
  readonly relays: readonly string[];
  /** Words in a subject that reject a mail, beside the built-in reply and forward prefixes. */
  readonly rejectSubjectWords: readonly string[];
}

/**
 * Divides a list by package or distribution effort (A3): the entry believes a sender only where every list that is not
 * empty has an entry for the alert's package or job. `*` stands for any part of a name.
 */
export interface ListScope {
  readonly packages: readonly string[];
  readonly jobs: readonly string[];
}

export interface ScopedDomain extends ListScope {
  readonly domain: string;
}

export interface ScopedNode extends ListScope {
  readonly node: string;
}

/** A declared alert format (A6). Patterns are RE2 syntax, multi-line mode, with `(?<name>…)` groups. */
export interface AlertFormat {
  readonly name: string;
  /** Cheap test before any pattern: each literal must occur in the text named. */
  readonly literals: readonly { readonly in: PatternPlace; readonly text: string }[];
  /** What must match for the format to apply. */
  readonly match: readonly { readonly in: PatternPlace; readonly pattern: string }[];
  /**
   * Splits the body into blocks, one for each alert: each match of the pattern starts one. Has the pattern a group
   * `(?<device>…)`, then the blocks that name the same device are one alert; it may name several, with commas. null: the
   * mail is one alert.
   */
  readonly each: string | null;
  /** A block in which this does not occur announces no failure. null: all do. */
  readonly only: string | null;
  /** Groups name the fields of an alert; the first match that has a group fills it. Empty where all mail is ignored. */
  readonly extract: readonly { readonly in: ExtractPlace; readonly pattern: string }[];
  /** Failure types by the announced text, tried before the site's own list. */
  readonly failures: readonly FailurePattern[];
  /** Mail that this format knows but that announces no failure: a summary, a success. */
  readonly ignore: readonly {
    readonly in: PatternPlace;
    readonly pattern: string;
    readonly reason: string;
  }[];
  /** Mail that says that something works again: it announces no failure, and its devices are recoveries. */
  readonly recovers: readonly { readonly in: PatternPlace; readonly pattern: string }[];
}

/** `subject`, `body`, or `header:NAME`. */
export type PatternPlace = 'subject' | 'body' | `header:${string}`;

/** Where fields are looked for: `announced` is the failure that the patterns before have found. */
export type ExtractPlace = PatternPlace | 'announced';

export interface FailurePattern {
  readonly type: string;
  readonly pattern: string;
}

/**
 * What a threshold counts over: alerts of one device, of one distribution server, building, region or the network add up;
 * those of one package (its version is part of its name) or one job do so across servers and regions.
 */
export const scopes = ['device', 'server', 'building', 'region', 'network', 'package', 'job'] as const;
export type Scope = (typeof scopes)[number];

/** What a share of devices can be of; a rule that counts one counts over the server, building, region or network. */
export const populations = ['behind-server', 'building', 'region', 'network'] as const;

/** What a rule can be for, the most specific first: this is the order in which rules win (A9). */
export const ruleDimensions = [
  'device',
  'group',
  'building',
  'server',
  'region',
  'package',
  'failure',
] as const;
export type RuleDimension = (typeof ruleDimensions)[number];

/** Which alerts a rule is for; what is null is not limited. `server` is the distribution server. */
export type RuleSelector = Readonly<Record<RuleDimension, string | null>>;

/** Selects every alert. */
export const anyAlert: RuleSelector = {
  device: null,
  group: null,
  building: null,
  server: null,
  region: null,
  package: null,
  failure: null,
};

/** How many alerts in a sliding window make a ticket (A9). */
export interface ThresholdRule extends RuleSelector {
  /** As the config names it, such as `thresholds[2]`; for one that was added in Slack, what it is for. */
  readonly id: string;
  readonly over: Scope;
  /** Alerts, met or exceeded; null: `fraction` counts. */
  readonly count: number | null;
  /** Share of the devices in what it counts over that alerted, met or exceeded; null: `count` counts. */
  readonly fraction: number | null;
  readonly withinMs: number;
  /**
   * Competes with the rules of every scope: it applies only if it is the most specific of all that fit, and then alone.
   * Left out or `false`: it competes only with rules of its own scope.
   */
  readonly instead?: boolean | undefined;
}

/** When failing devices behind one server are one problem, at the server. */
export interface RootCausePolicy {
  /** Distinct devices, met or exceeded. */
  readonly devices: number;
  /** Share of the devices directly behind the server that must fail as well; null: `devices` alone decides. */
  readonly fraction: number | null;
  readonly withinMs: number;
  /** How long the second and later tickets behind a server wait, in case it turns out to be the cause. */
  readonly settleMs: number;
}

/** What to do about a verdict (A11). */
export interface VerdictPolicy {
  readonly onVerdict: Readonly<
    Record<'device-down' | 'network-down' | 'reachable' | 'inconclusive', 'ticket' | 'hold' | 'suppress'>
  >;
  /** Waits before each further look at a held alert; after the last a ticket is made anyway. */
  readonly lookAgainAfterMs: readonly number[];
}

/** How devices are diagnosed, and what follows from it. */
export interface DiagnosisPolicy extends VerdictPolicy {
  readonly pings: number;
  readonly timeoutMs: number;
  /** TCP ports asked when no ping is answered: any answer shows that the device is alive. */
  readonly ports: readonly number[];
  /** How many devices are diagnosed at the same time. */
  readonly atOnce: number;
  /** What differs for some failure types. */
  readonly failures: readonly (VerdictPolicy & { readonly failure: string })[];
}

/** Where tickets go (A14). */
export interface RoutingPolicy {
  /** `domains`: senders' domains that belong to the region, for mail that names none. */
  readonly regions: readonly {
    readonly name: string;
    readonly channel: string;
    readonly domains: readonly string[];
    readonly hold: HoldSchedule | null;
    /** Of the region's clocks; left out: it may be any. */
    readonly timeZone?: string | undefined;
  }[];
  /** For devices and regions that nobody knows, and for what can't be delivered. */
  readonly fallbackChannel: string;
  /** Tried in their order, before buildings and regions. */
  readonly rules: readonly RouteRule[];
  readonly buildings: readonly BuildingQueue[];
  /** Failure types that are never held for a digest. */
  readonly urgent: readonly string[];
}

/** When a message is sent again (A18): one wait for each transmission, the first is usually 0. */
export interface DeliveryPolicy {
  readonly scheduleMs: readonly number[];
  /** Least time between two edits of a message. */
  readonly editEveryMs: number;
  /**
   * How long after Restage has given up a call it may still take effect in Slack. Nothing is posted again before Slack's
   * clock is past that.
   */
  readonly lateEffectMs: number;
}
