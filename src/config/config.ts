import type {
  AlertFormat,
  DeliveryPolicy,
  DiagnosisPolicy,
  FailurePattern,
  RootCausePolicy,
  RoutingPolicy,
  ThresholdRule,
  ValidationPolicy,
} from '../domain/policy.ts';
import type { ApprovalPolicy } from '../domain/approval.ts';
import type { HealthPolicy } from '../domain/health.ts';
import type { HeartbeatPolicy } from '../domain/heartbeat.ts';
import type { HttpSource } from '../domain/http-source.ts';
import type { LogWatchPolicy } from '../domain/log-watch.ts';
import type { PagingPolicy } from '../domain/paging.ts';
import type { ReportPlan } from '../domain/report.ts';
import type { ServerProfile } from '../domain/server.ts';
import type { TicketPolicy } from '../domain/ticket-policy.ts';
import type { WatchPolicy } from '../domain/watch.ts';
import type { SourceZone } from '../domain/zone-policy.ts';
import type { Secret } from './secret.ts';

/** What the site decided, checked and frozen. Paths are absolute, durations in ms, sizes in bytes. */
export interface Config {
  /** IANA name; days, shifts and typed times are meant in it. */
  readonly timeZone: string;
  /** Zones of clocks whose times state none. */
  readonly sourceZones: readonly SourceZone[];
  /** The embedded database's folder; also the home of the lock and of the control socket. */
  readonly database: { readonly dataDir: string; readonly keepMailMs: number };
  readonly slack: { readonly apiUrl: string; readonly sockets: number };
  readonly intake: {
    readonly imap: readonly ImapMailbox[];
    readonly smtp: SmtpListener | null;
    readonly http: HttpListener | null;
  };
  readonly heartbeat: HeartbeatPolicy;
  /** The listener for probes and metrics, and when work counts as stuck. Port 0: any free one. */
  readonly health: HealthPolicy & { readonly host: string; readonly port: number };
  readonly validation: ValidationPolicy;
  /** In the order in which they are tried: a shipped format's name, or one that the site declares. */
  readonly formats: readonly (string | AlertFormat)[];
  readonly failures: readonly FailurePattern[];
  readonly thresholds: readonly ThresholdRule[];
  /** How late mail still counts at its own time. */
  readonly latenessMs: number;
  /** null: no server is ever taken for a cause. */
  readonly rootCause: RootCausePolicy | null;
  readonly inventory: InventoryConfig;
  readonly outages: { readonly sources: readonly OutageSource[] };
  readonly diagnosis: DiagnosisPolicy;
  readonly routing: RoutingPolicy;
  readonly ticket: TicketPolicy;
  readonly delivery: DeliveryPolicy;
  /** The sections `onCall` and `paging`. */
  readonly paging: PagingPolicy;
  readonly approval: ApprovalPolicy;
  readonly reports: readonly ReportPlan[];
  readonly servers: readonly ServerProfile[];
  /** null: nothing is watched that may come back. */
  readonly recovery: WatchPolicy | null;
  /** `null` if logs are read only on request. */
  readonly logWatch: LogWatchPolicy | null;
  /** Patterns with a group `version`, for package names; null: the shipped ones. */
  readonly packages: { readonly patterns: readonly string[] | null };
  /** Path of the Unix socket on which a running bot answers the command line. */
  readonly control: { readonly socket: string };
  readonly log: { readonly level: LogLevel };
}

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface ImapMailbox {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; otherwise STARTTLS. */
  readonly secure: boolean;
  /** PEM file of a private CA; null: the system's. */
  readonly tlsCaFile: string | null;
  readonly user: string;
  readonly folder: string;
}

export interface SmtpListener {
  readonly host: string;
  readonly port: number;
  /** Addresses and CIDR ranges that may connect. */
  readonly allowFrom: readonly string[];
  readonly maxSizeBytes: number;
}

export interface HttpListener {
  readonly host: string;
  readonly port: number;
  readonly maxSizeBytes: number;
  readonly sources: readonly HttpSource[];
}

/** Where the devices are listed: at most one of these is set. */
export interface InventoryConfig {
  readonly csv: string | null;
  readonly json: string | null;
  /** Answers CSV or JSON. */
  readonly url: string | null;
  /** A query whose rows are devices. */
  readonly sql: string | null;
  readonly everyMs: number;
}

export const outageSourceTypes = ['ical', 'csv', 'json', 'sql'] as const;

/** What announces outages: a file, a URL or a query. */
export interface OutageSource {
  readonly name: string;
  readonly type: (typeof outageSourceTypes)[number];
  readonly file: string | null;
  readonly url: string | null;
  /** Its rows have the columns of a list; of the type `sql` alone. */
  readonly query: string | null;
  readonly everyMs: number;
}

/** What must never be printed; it comes from the environment only. null: not set. */
export interface Secrets {
  /** null: the embedded database serves. */
  readonly databaseUrl: Secret | null;
  readonly slackBotToken: Secret | null;
  readonly slackAppToken: Secret | null;
  /** For `inventory.url`. */
  readonly inventoryToken: Secret | null;
  /** For outage sources of the type `sql`. */
  readonly outagesDatabaseUrl: Secret | null;
  /** For `inventory.sql`. */
  readonly inventoryDatabaseUrl: Secret | null;
  /** By the name of the mailbox. */
  readonly imapPasswords: ReadonlyMap<string, Secret>;
  /** By the name of the source over HTTP. */
  readonly httpTokens: ReadonlyMap<string, Secret>;
}
