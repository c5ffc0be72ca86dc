import type { CompiledFormat, SearchedMail } from '../alert/formats.ts';
import type { Findings } from '../alert/search-formats.ts';
import type { ApprovalPolicy } from '../domain/approval.ts';
import type { CarefulReader } from '../domain/careful-reader.ts';
import type { Chat } from '../domain/chat.ts';
import type { Clock } from '../domain/clock.ts';
import type { Inventory } from '../domain/device.ts';
import type { Prober } from '../domain/diagnosis.ts';
import type { HeartbeatPolicy, ProbeMailer } from '../domain/heartbeat.ts';
import type { HealthPolicy } from '../domain/health.ts';
import type { IntakeHealth } from '../domain/intake.ts';
import type { Log } from '../domain/log.ts';
import type { LogWatchPolicy } from '../domain/log-watch.ts';
import type { Mailer } from '../domain/mailer.ts';
import type { Mail, OpenedMail, RawMail } from '../domain/mail.ts';
import type {
  DeliveryPolicy,
  DiagnosisPolicy,
  RootCausePolicy,
  RoutingPolicy,
  ThresholdRule,
  ValidationPolicy,
} from '../domain/policy.ts';
import type { PagingPolicy } from '../domain/paging.ts';
import type { ChartPainter, ReportPlan } from '../domain/report.ts';
import type { ServerAccess, ServerProfile } from '../domain/server.ts';
import type { Store } from '../domain/store/store.ts';
import type { WatchPolicy } from '../domain/watch.ts';
import type { ZonePolicy } from '../domain/zone-policy.ts';
import type { TicketPolicy } from '../domain/ticket-policy.ts';
import type { ReadVersion } from '../redistribution/package-version.ts';
import type { Progress } from './health/progress.ts';
import type { ReadMail } from './intake/read-mail.ts';
import type { Suspicion } from './intake/suspicion.ts';
import type { JsonReadingPolicy } from './intake/read-json-alert.ts';

/** What the site expects of its intakes, and how it reads JSON. */
export interface IntakePolicy extends JsonReadingPolicy {
  readonly heartbeat: HeartbeatPolicy;
  /** How long the sources of mails are kept. */
  readonly keepMailMs: number;
}

/** What the site has decided, in the forms that the pure folders take. */
export interface Policies {
  readonly timeZone: string;
  readonly zones: ZonePolicy;
  readonly validation: ValidationPolicy;
  readonly formats: readonly CompiledFormat[];
  readonly thresholds: readonly ThresholdRule[];
  readonly latenessMs: number;
  readonly rootCause: RootCausePolicy | null;
  readonly diagnosis: DiagnosisPolicy;
  readonly routing: RoutingPolicy;
  readonly delivery: DeliveryPolicy;
  readonly approval: ApprovalPolicy;
  readonly ticket: TicketPolicy;
  readonly intake: IntakePolicy;
  readonly health: HealthPolicy;
  readonly paging: PagingPolicy;
  readonly reports: readonly ReportPlan[];
  /** By short name. */
  readonly servers: ReadonlyMap<string, ServerProfile>;
  /** null: nothing is watched that may come back. */
  readonly recovery: WatchPolicy | null;
  /** `null` if logs are read only on request. */
  readonly logWatch: LogWatchPolicy | null;
  /** How the site's package names state versions. */
  readonly readVersion: ReadVersion;
}

/** Everything outside that the workflows act through. */
export interface Deps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly inventory: Inventory;
  readonly prober: Prober;
  readonly chat: Chat;
  readonly servers: ServerAccess;
  /** null: the config names no relay. */
  readonly mailer: Mailer | null;
  readonly charts: ChartPainter;
  readonly policies: Policies;
  /** Reads a message's headers, and its body only when asked. @throws UnreadableMail if it has no headers, or too many. */
  openMail(raw: RawMail): OpenedMail;
  /**
   * Reads a message's MIME structure; `lenient`: as far as its bounds allow.
   * @throws UnreadableMail if it can't be read, or, unless `lenient`, exceeds the bounds.
   * @throws ReadingStopped once the bot stops.
   */
  readMime(raw: RawMail, strictness?: 'strict' | 'lenient'): Promise<Mail>;
  /**
   * Searches a long mail by the formats in a thread; resolves to `null` if there is no such thread.
   * @throws UnreadableMail if that takes too long.
   * @throws ReadingStopped once the bot stops.
   */
  searchApart(mail: SearchedMail): Promise<Findings | null>;
  /** Before a stop: mail is read for one more second at most. */
  stopReading(): void;
  /** Reads mail in a process of its own; `null` for a vouched mail that can't be read at all. */
  readonly carefulReader: CarefulReader<ReadMail | null>;
  /** Which mail may have ended the process before. */
  readonly suspicion: Suspicion;
  /** Returns a digest of text or bytes: the key of a message that bears none of its own, or must not use it. */
  digestOf(content: Uint8Array | string): string;
  /** How the intakes of this bot are doing right now. */
  intakeHealth(): readonly IntakeHealth[];
  /** What is under way in this bot, and since when. */
  readonly progress: Progress;
  readonly probeMailer: ProbeMailer;
  /** A new id: letters and digits, never given twice. */
  newId(): string;
}

/** What it takes to look at mail and state without acting. */
export type InspectionDeps = Omit<
  Deps,
  | 'chat'
  | 'servers'
  | 'mailer'
  | 'charts'
  | 'newId'
  | 'intakeHealth'
  | 'progress'
  | 'probeMailer'
  | 'suspicion'
  | 'stopReading'
>;
