import { readAlertMail } from '../../alert/read-alert-mail.ts';
import { readFormat } from '../../alert/read-format.ts';
import type { Reading } from '../../domain/alert.ts';
import { type GateResult, stopped } from '../../domain/gate.ts';
import type { Mail, RawMail } from '../../domain/mail.ts';
import type { RoutingPolicy, ValidationPolicy } from '../../domain/policy.ts';
import { storable } from '../../domain/storable.ts';
import { regionByDomain } from '../../ticket/region.ts';
import type { Deps, Policies } from '../deps.ts';
import { readJsonAlert } from './read-json-alert.ts';
import { readProbe } from './read-probe.ts';
import { withCountTimes } from './count-times.ts';

/** A message and all that could be found out without the database. */
export interface ReadMail {
  readonly raw: RawMail;
  readonly key: string;
  /** null: it is no readable message. */
  readonly mail: Mail | null;
  readonly reading: Reading;
}

type ReadingDeps = Pick<Deps, 'readMime' | 'keyOf' | 'inventory'> & {
  readonly policies: Pick<Policies, 'validation' | 'formats' | 'routing' | 'latenessMs'> &
    Partial<Pick<Policies, 'intake'>>;
};

/**
 * Reads one message. Whatever is wrong with it becomes a dead letter with its reason; never rejects. `probesCount`: what
 * bears the mark of a probe is one.
 */
export async function readMail(deps: ReadingDeps, raw: RawMail, probesCount = true): Promise<ReadMail> {
  let mail: Mail | null = null;
  try {
    if (raw.mediaType === 'application/json') return readJsonMail(deps, raw, deps.policies.validation);
    mail = await deps.readMime(raw);
    const probe = probesCount ? readProbe(mail) : null;
    if (probe !== null) return { raw, key: deps.keyOf(raw), mail, reading: probe };
    const { validation, formats } = deps.policies;
    const reading = readAlertMail(mail, raw.receivedAt, validation, formats, deps.inventory);
    // A refused copy (resent, bounced) bears the original's Message-ID: it must not keep the original out.
    const key = reading.state === 'accepted' ? mail.key : deps.keyOf(raw);
    return { raw, key, mail, reading: settleReading(reading, raw, deps.policies) };
  } catch (error) {
    const detail = error instanceof Error ? error.message.slice(0, 300) : 'unknown';
    return deadLetter(deps, raw, mail, 'unreadable', { detail });
  }
}

/** A message that nothing can be made of, kept for people to look at. */
export function deadLetter(
  deps: Pick<Deps, 'keyOf'>,
  raw: RawMail,
  mail: Mail | null,
  reason: string,
  values: GateResult['values'] = {},
): ReadMail {
  const gates = [stopped('mime', reason, storable(values))];
  const reading: Reading = { state: 'dead-letter', format: null, alerts: [], recoveries: [], gates };
  return { raw, key: raw.key ?? deps.keyOf(raw), mail, reading };
}

/**
 * Reads a message that a person vouches for (A5): nobody asks who sent it, only what it says.
 * @throws Error when it can't be read at all.
 */
export async function readVouchedMail(deps: ReadingDeps, raw: RawMail): Promise<ReadMail> {
  if (raw.mediaType === 'application/json') return readJsonMail(deps, raw, null);
  const mail = await deps.readMime(raw);
  const { gate, ...read } = readFormat(mail, raw.receivedAt, deps.policies.formats, deps.inventory);
  const reading: Reading =
    read.state === 'accepted'
      ? { ...read, recoveries: [], gates: [gate] }
      : { ...read, alerts: [], gates: [gate] };
  return { raw, key: mail.key, mail, reading: settleReading(reading, raw, deps.policies) };
}

function readJsonMail(deps: ReadingDeps, raw: RawMail, validation: ValidationPolicy | null): ReadMail {
  const { intake } = deps.policies;
  if (!intake) throw new Error('JSON alerts are not read here');
  const key = raw.key ?? deps.keyOf(raw);
  const { mail, reading } = readJsonAlert(raw, key, intake, validation, deps.inventory);
  return { raw, key, mail, reading: settleReading(reading, raw, deps.policies) };
}

/** Whatever characters the alerts bring, the database takes them. */
function settleReading(reading: Reading, raw: RawMail, policies: ReadingDeps['policies']): Reading {
  return storable(
    withCountTimes(withRegions(reading, policies.routing), raw.receivedAt, policies.latenessMs),
  );
}

function withRegions(reading: Reading, routing: RoutingPolicy): Reading {
  if (reading.state !== 'accepted' || reading.alerts.every(({ region }) => region !== null)) return reading;
  const alerts = reading.alerts.map((alert) => ({
    ...alert,
    region: alert.region ?? regionByDomain(alert, routing),
  }));
  return { ...reading, alerts };
}
