import { readAlertMail } from '../alert/read-alert-mail.ts';
import type { Reading } from '../domain/alert.ts';
import { stopped } from '../domain/gate.ts';
import type { Mail, RawMail } from '../domain/mail.ts';
import type { RoutingPolicy } from '../domain/policy.ts';
import { regionByDomain } from '../ticket/region.ts';
import type { Deps } from './deps.ts';

/** A message and all that could be found out without the database. */
export interface ReadMail {
  readonly raw: RawMail;
  readonly key: string;
  /** null: it is no readable message. */
  readonly mail: Mail | null;
  readonly reading: Reading;
}

type ReadingDeps = Pick<Deps, 'readMime' | 'keyOf' | 'inventory' | 'policies'>;

/** Reads one message. Whatever is wrong with it becomes a dead letter with its reason; never rejects. */
export async function readMail(deps: ReadingDeps, raw: RawMail): Promise<ReadMail> {
  let mail: Mail | null = null;
  try {
    mail = await deps.readMime(raw);
    const { validation, formats, routing } = deps.policies;
    const reading = readAlertMail(mail, raw.receivedAt, validation, formats, deps.inventory);
    // A refused copy (resent, bounced) bears the original's Message-ID: it must not keep the original out.
    const key = reading.state === 'accepted' ? mail.key : deps.keyOf(raw);
    return { raw, key, mail, reading: withRegions(reading, routing) };
  } catch (error) {
    const detail = error instanceof Error ? error.message.slice(0, 300) : 'unknown';
    const gates = [stopped('mime', 'unreadable', { detail })];
    const reading: Reading = { state: 'dead-letter', format: null, alerts: [], gates };
    return { raw, key: deps.keyOf(raw), mail, reading };
  }
}

function withRegions(reading: Reading, routing: RoutingPolicy): Reading {
  if (reading.state !== 'accepted') return reading;
  const alerts = reading.alerts.map((alert) => ({
    ...alert,
    region: alert.region ?? regionByDomain(alert, routing),
  }));
  return { ...reading, alerts };
}
