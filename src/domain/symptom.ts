import type { AlertFields } from './alert.ts';
import type { Evidence } from './evidence.ts';

/** What fails: the device, the failure, and the package, job or service as far as they are named. */
export interface Symptom {
  readonly device: string;
  /** Who did not get the package; `null` if that is the device itself. */
  readonly recipient: string | null;
  readonly failure: string;
  readonly package: string | null;
  readonly job: string | null;
  /** What a monitor checks at the device, such as Nagios's service. */
  readonly service: string | null;
  /** The sender's own stable name of what it watches, such as Alertmanager's fingerprint. */
  readonly series: string | null;
}

type Named = Pick<AlertFields, 'device' | 'recipient' | 'failure' | 'package' | 'job' | 'service' | 'series'>;

export function symptomOf(alert: Named): Symptom {
  return {
    device: alert.device,
    recipient: alert.recipient,
    failure: alert.failure,
    package: alert.package,
    job: alert.job,
    service: alert.service ?? null,
    series: alert.series ?? null,
  };
}

/** Returns the symptom as one string; spelling in capitals makes no other symptom. */
export function symptomKey(named: Named): string {
  const { device, recipient, failure, package: name, job, service = null, series = null } = named;
  return JSON.stringify([device, recipient, failure, name, job, service, series]).toLowerCase();
}

type Occurring = Named & Pick<AlertFields, 'alertId' | 'domain' | 'distributionServer' | 'at' | 'ownTime'>;

/**
 * Returns what makes two alerts word of the same occurrence: the sender's time series and its start; else the id that
 * the sender gave, which is unique at its source and server; else the symptom and the alert's own time. `null`: the
 * alert says neither, so each is an occurrence of its own. `source` names where HTTP alerts come from; `null` for
 * mail, whose source is its domain.
 */
export function occurrenceOf(alert: Occurring, source: string | null): string | null {
  const { series, alertId, domain, distributionServer: server } = alert;
  if (series != null) return JSON.stringify(['series', source, series, saidTime(alert)]);
  const symptom = symptomKey(alert);
  if (alertId !== null) return JSON.stringify(['id', source ?? domain, server, alertId, symptom]);
  const time = saidTime(alert);
  return time === null ? null : JSON.stringify(['time', symptom, time]);
}

/** In ISO 8601; `null` if the alert said none that can be read. */
function saidTime({ at, ownTime }: Occurring): string | null {
  return ownTime === false || Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** A symptom of a ticket, as its alerts tell of it. */
export interface SeenSymptom extends Symptom {
  readonly ticketId: number;
  readonly firstAt: Date;
  /** When anybody last said that it fails. */
  readonly lastAt: Date;
  /** Longest time between two of its occurrences, in ms; 0 of a single one. */
  readonly longestGapMs: number;
  readonly occurrences: number;
}

export const symptomStates = ['failing', 'cleared', 'withdrawn'] as const;
export type SymptomState = (typeof symptomStates)[number];

/** A symptom with what became of it, and what shows that; `null` while it fails. */
export interface JudgedSymptom extends SeenSymptom {
  readonly state: SymptomState;
  readonly evidence: Evidence | null;
}
