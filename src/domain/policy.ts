/** What the site decides, read from the config and handed to the pure folders. All durations are in ms. */

/** Which senders are believed (A2, A4, A5). */
export interface ValidationPolicy {
  /** Domains, or tails of domains on label boundaries; IP addresses and CIDR ranges for address literals. */
  readonly domains: readonly string[];
  /** Node names, `*` standing for any part of a name; the inventory's names belong to them. */
  readonly nodes: readonly string[];
  /** Senders that report for others (the master, the distribution tool): the node stands in the mail. `local@domain`, a domain or a host's short name. */
  readonly relays: readonly string[];
  /** Words in a subject that reject a mail, beside the built-in reply and forward prefixes. */
  readonly rejectSubjectWords: readonly string[];
}

/** A declared alert format (A6). Patterns are RE2 syntax, multi-line mode, with `(?<name>…)` groups. */
export interface AlertFormat {
  readonly name: string;
  /** Cheap test before any pattern: each literal must occur in the text named. */
  readonly literals: readonly { readonly in: PatternPlace; readonly text: string }[];
  /** What must match for the format to apply. */
  readonly match: readonly { readonly in: PatternPlace; readonly pattern: string }[];
  /** Splits the body into alerts: each match of the pattern starts one. null: the mail is one alert. */
  readonly each: string | null;
  /** Groups name the fields of an alert; the first match that has a group fills it. */
  readonly extract: readonly { readonly in: PatternPlace; readonly pattern: string }[];
  /** Failure types by the announced text, tried before the site's own list. */
  readonly failures: readonly FailurePattern[];
  /** Mail that this format knows but that announces no failure: a summary, a success. */
  readonly ignore: readonly {
    readonly in: PatternPlace;
    readonly pattern: string;
    readonly reason: string;
  }[];
}

/** `subject`, `body`, or `header:NAME`. */
export type PatternPlace = 'subject' | 'body' | `header:${string}`;

export interface FailurePattern {
  readonly type: string;
  readonly pattern: string;
}

/** What a threshold counts over: alerts of one device, of one distribution server, region or the network add up. */
export const scopes = ['device', 'server', 'region', 'network'] as const;
export type Scope = (typeof scopes)[number];

/** How many alerts of a failure type in a sliding window make a ticket (A9). */
export interface ThresholdRule {
  /** As the config names it, such as `thresholds[2]`. */
  readonly id: string;
  /** null: any failure. */
  readonly failure: string | null;
  /** The override level: at most one of these is set. */
  readonly device: string | null;
  readonly region: string | null;
  readonly over: Scope;
  /** Met or exceeded. */
  readonly count: number;
  readonly withinMs: number;
}

/** What to do about a verdict (A11). */
export interface DiagnosisPolicy {
  readonly pings: number;
  readonly timeoutMs: number;
  readonly onVerdict: Readonly<
    Record<'device-down' | 'network-down' | 'reachable' | 'inconclusive', 'ticket' | 'hold' | 'suppress'>
  >;
  /** Waits before each further look at a held alert; after the last a ticket is made anyway. */
  readonly lookAgainAfterMs: readonly number[];
}

/** Where tickets go (A14). */
export interface RoutingPolicy {
  /** `domains`: senders' domains that belong to the region, for mail that names none. */
  readonly regions: readonly {
    readonly name: string;
    readonly channel: string;
    readonly domains: readonly string[];
  }[];
  /** For devices and regions that nobody knows. */
  readonly fallbackChannel: string;
}

/** When a message is sent again (A18): one wait for each transmission, the first is usually 0. */
export interface DeliveryPolicy {
  readonly scheduleMs: readonly number[];
  /** Least time between two edits of a message. */
  readonly editEveryMs: number;
}

/** Who may approve (B10). */
export interface ApprovalPolicy {
  readonly requesterMayApprove: boolean;
  /** User ids; empty: everybody in the channel. */
  readonly approvers: readonly string[];
  readonly expiresAfterMs: number;
}
