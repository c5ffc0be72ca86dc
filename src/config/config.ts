import type {
  AlertFormat,
  ApprovalPolicy,
  DeliveryPolicy,
  DiagnosisPolicy,
  FailurePattern,
  RoutingPolicy,
  ThresholdRule,
  ValidationPolicy,
} from '../domain/policy.ts';
import type { ServerProfile } from '../domain/server.ts';
import type { Secret } from './secret.ts';

/** What the site decided, checked and frozen. Paths are absolute, durations in ms, sizes in bytes. */
export interface Config {
  /** IANA name; days, shifts and typed times are meant in it. */
  readonly timeZone: string;
  /** The embedded database's folder; also the home of the lock and of the control socket. */
  readonly database: { readonly dataDir: string };
  readonly slack: { readonly apiUrl: string; readonly sockets: number };
  readonly intake: { readonly imap: readonly ImapMailbox[]; readonly smtp: SmtpListener | null };
  readonly validation: ValidationPolicy;
  /** In the order in which they are tried: a shipped format's name, or one that the site declares. */
  readonly formats: readonly (string | AlertFormat)[];
  readonly failures: readonly FailurePattern[];
  readonly thresholds: readonly ThresholdRule[];
  readonly inventory: { readonly csv: string | null };
  readonly diagnosis: DiagnosisPolicy;
  readonly routing: RoutingPolicy;
  readonly delivery: DeliveryPolicy;
  readonly approval: ApprovalPolicy;
  readonly servers: readonly ServerProfile[];
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

/** What must never be printed; it comes from the environment only. null: not set. */
export interface Secrets {
  /** null: the embedded database serves. */
  readonly databaseUrl: Secret | null;
  readonly slackBotToken: Secret | null;
  readonly slackAppToken: Secret | null;
  /** By the name of the mailbox. */
  readonly imapPasswords: ReadonlyMap<string, Secret>;
}
