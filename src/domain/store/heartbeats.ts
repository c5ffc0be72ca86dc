import type { IncidentReason } from '../heartbeat.ts';

/** What is known of an intake, from all bots together. */
export interface HeartbeatRecord {
  readonly intake: string;
  readonly watchedSince: Date;
  /** When its last mail was received; null: never since it is watched. */
  readonly lastMailAt: Date | null;
  readonly lagMs: number | null;
  readonly lastConnectedAt: Date | null;
}

/** A failure of an intake, from its report to its recovery. */
export interface Incident {
  readonly id: number;
  readonly intake: string;
  readonly reason: IncidentReason;
  readonly detail: string | null;
  /** Since when the intake has failed, as far as that is known. */
  readonly since: Date;
  readonly openedAt: Date;
  readonly recoveredAt: Date | null;
}

export type NewIncident = Pick<Incident, 'intake' | 'reason' | 'detail' | 'since' | 'openedAt'>;

export interface ProbeRecord {
  readonly token: string;
  readonly sentAt: Date;
  readonly returnedAt: Date | null;
}

/** Signs of life of the intakes. */
export interface HeartbeatTx {
  /** Serialises the decisions of several bots about their intakes. Held until the end. */
  lockHeartbeats(): Promise<void>;
  /** Notes a batch: the newest receipt in it, and how long it took until now. */
  noteMail(intake: string, receivedAt: Date, now: Date): Promise<void>;
  /** Notes that an intake is watched, and whether it is connected now. */
  noteConnection(intake: string, connected: boolean, now: Date): Promise<void>;
  heartbeats(): Promise<readonly HeartbeatRecord[]>;
  openIncidents(): Promise<readonly Incident[]>;
  incident(id: number): Promise<Incident | null>;
  /** The new incident's id; null where the intake has an open one. */
  addIncident(incident: NewIncident): Promise<number | null>;
  changeIncident(
    id: number,
    change: Partial<Pick<Incident, 'reason' | 'detail' | 'recoveredAt'>>,
  ): Promise<void>;
  /** The probes, the newest first; forgets those sent before. */
  probesSince(before: Date): Promise<readonly ProbeRecord[]>;
  addProbe(token: string, sentAt: Date): Promise<void>;
  /** Whether this is the token of a probe that was sent lately. */
  isProbe(token: string): Promise<boolean>;
  /** False for a token that is not ours. */
  returnProbe(token: string, at: Date): Promise<boolean>;
}
