import { type HeadReading, readAlertHead, readAlertMail } from '../../alert/read-alert-mail.ts';
import { readFormat, type TimeRules } from '../../alert/read-format.ts';
import type { Findings } from '../../alert/search-formats.ts';
import type { Reading } from '../../domain/alert.ts';
import { type GateResult, passed, stopped } from '../../domain/gate.ts';
import {
  type Mail,
  type MailHead,
  type OpenedMail,
  type RawMail,
  ReadingStopped,
  UnreadableMail,
} from '../../domain/mail.ts';
import type { RoutingPolicy, ValidationPolicy } from '../../domain/policy.ts';
import { httpVia } from '../../domain/http-source.ts';
import { storable } from '../../domain/storable.ts';
import { occurrenceOf } from '../../domain/symptom.ts';
import { utcEverywhere } from '../../domain/zone-policy.ts';
import { regionByDomain } from '../../ticket/region.ts';
import type { Deps, Policies } from '../deps.ts';
import { readJsonAlert } from './read-json-alert.ts';
import { readProbe } from './read-probe.ts';
import { withCountTimes } from './count-times.ts';

/** A message and all that could be found out without the database. */
export interface ReadMail {
  readonly raw: RawMail;
  readonly key: string;
  /** As `Mail.formerKey`; `null` if it has none. */
  readonly formerKey: string | null;
  /** `null` if it is no readable message. */
  readonly head: MailHead | null;
  /** `null` if it is no readable message, or its headers decided alone. */
  readonly mail: Mail | null;
  readonly reading: Reading;
}

type ReadingDeps = Pick<Deps, 'openMail' | 'readMime' | 'searchApart' | 'digestOf' | 'inventory'> & {
  readonly policies: Pick<Policies, 'validation' | 'formats' | 'routing' | 'latenessMs'> &
    Partial<Pick<Policies, 'intake' | 'zones'>>;
};

/**
 * Reads one message, its headers first: the body of a mail that they stop is not read. Whatever is wrong with it becomes a
 * dead letter with its reason. `probesCount`: a mail that bears the mark of a probe is one.
 * @throws ReadingStopped once the bot stops, and nothing else.
 */
export async function readMail(deps: ReadingDeps, raw: RawMail, probesCount = true): Promise<ReadMail> {
  let head: MailHead | null = null;
  try {
    const { validation } = deps.policies;
    if (raw.mediaType === 'application/json') return readJsonMail(deps, raw, validation);
    const opened = deps.openMail(raw);
    head = opened.head;
    const probe = probesCount ? readProbe(head) : null;
    if (probe !== null) return readStopped(deps, raw, head, probe);
    const said = readAlertHead(head, validation, deps.inventory);
    return said.rejected === null
      ? await readWhole(deps, raw, opened, said)
      : readStopped(deps, raw, head, said.rejected);
  } catch (error) {
    if (error instanceof ReadingStopped) throw error;
    const reason = error instanceof UnreadableMail ? error.reason : 'unreadable';
    const detail = error instanceof Error ? error.message.slice(0, 300) : 'unknown';
    return deadLetter(deps, raw, head, reason, { detail });
  }
}

/** A refused copy (resent, bounced) bears the original's Message-ID: it must not keep the original out. */
function readStopped(deps: ReadingDeps, raw: RawMail, head: MailHead, reading: Reading): ReadMail {
  return {
    raw,
    key: deps.digestOf(raw.source),
    formerKey: null,
    head,
    mail: null,
    reading: storable(reading),
  };
}

async function readWhole(
  deps: ReadingDeps,
  raw: RawMail,
  opened: OpenedMail,
  head: HeadReading,
): Promise<ReadMail> {
  const mail = await opened.readBody();
  const { validation, formats } = deps.policies;
  const findings = isLong(mail) ? await searchLong(deps, mail) : undefined;
  const known = { head, findings, times: timeRules(deps) };
  const reading = readAlertMail(mail, raw.receivedAt, validation, formats, deps.inventory, known);
  const isAccepted = reading.state === 'accepted';
  return {
    raw,
    key: isAccepted ? mail.key : deps.digestOf(raw.source),
    formerKey: isAccepted ? mail.formerKey : null,
    head: mail,
    mail,
    reading: settleReading(deps, notePartial(reading, mail), raw),
  };
}

/** Longest text that patterns search on the event loop, in UTF-16 units: that takes some ms, whatever the patterns. */
const longestOnLoop = 16_384;
const isLong = ({ text }: Mail) => text.length > longestOnLoop;

/** Returns what the formats find in a long mail; `undefined` if that is still to be found out, here. */
async function searchLong(
  deps: ReadingDeps,
  { subject, headers, text }: Mail,
): Promise<Findings | undefined> {
  return (await deps.searchApart({ subject, headers, text })) ?? undefined;
}

/** What was read counts; that it is not all there is stands before the gates. */
function notePartial<R extends Reading>(reading: R, { partial, text }: Mail): R {
  if (partial === null) return reading;
  const gate = passed('mime', 'partial', { because: partial, readCharacters: text.length });
  return { ...reading, gates: [gate, ...reading.gates] };
}

/** Makes a dead letter of a message that nothing can be made of, kept for people to look at. */
export function deadLetter(
  deps: Pick<Deps, 'digestOf'>,
  raw: RawMail,
  head: MailHead | null,
  reason: string,
  values: GateResult['values'] = {},
): ReadMail {
  const gates = [stopped('mime', reason, storable(values))];
  const reading: Reading = { state: 'dead-letter', format: null, alerts: [], recoveries: [], gates };
  return { raw, key: raw.key ?? deps.digestOf(raw.source), formerKey: null, head, mail: null, reading };
}

/**
 * Reads a message that a person vouches for (A5): nobody asks who sent it, only what it says. A message that exceeds the
 * bounds is read as far as they allow.
 * @throws Error if it can't be read at all.
 */
export async function readVouchedMail(deps: ReadingDeps, raw: RawMail): Promise<ReadMail> {
  if (raw.mediaType === 'application/json') return readJsonMail(deps, raw, null);
  const mail = await deps.readMime(raw, 'lenient');
  const { formats } = deps.policies;
  const findings = isLong(mail) ? await searchLong(deps, mail) : undefined;
  const times = timeRules(deps);
  const said = readFormat(mail, raw.receivedAt, formats, deps.inventory, findings, times);
  const { gate, times: timeGates, ...read } = said;
  const gates = [...timeGates, gate];
  const reading: Reading =
    read.state === 'accepted' ? { ...read, recoveries: [], gates } : { ...read, alerts: [], gates };
  const settled = settleReading(deps, notePartial(reading, mail), raw);
  return { raw, key: mail.key, formerKey: mail.formerKey, head: mail, mail, reading: settled };
}

function readJsonMail(deps: ReadingDeps, raw: RawMail, validation: ValidationPolicy | null): ReadMail {
  const { intake } = deps.policies;
  if (!intake) throw new Error('JSON alerts are not read here');
  const key = raw.key ?? deps.digestOf(raw.source);
  const { mail, reading } = readJsonAlert(raw, key, intake, validation, deps.inventory, timeRules(deps));
  return { raw, key, formerKey: null, head: mail, mail, reading: settleReading(deps, reading, raw) };
}

function timeRules({ policies: { zones = utcEverywhere, routing } }: ReadingDeps): TimeRules {
  return { zones, regionOf: (source) => regionByDomain(source, routing) };
}

/** Whatever characters the alerts bring, the database takes them. */
function settleReading(deps: ReadingDeps, reading: Reading, raw: RawMail): Reading {
  const { routing, latenessMs } = deps.policies;
  const known = withOccurrences(deps, withRegions(reading, routing), raw);
  return storable(withCountTimes(known, raw.receivedAt, latenessMs));
}

/** Length of an occurrence's digest, in hexadecimal digits: no two of a site's are equal by chance. */
const occurrenceDigits = 20;

/** By the times that the alerts say, before those of wrong clocks are set right: a repeat says the same. */
function withOccurrences({ digestOf }: ReadingDeps, reading: Reading, { via }: RawMail): Reading {
  if (reading.state !== 'accepted') return reading;
  const source = via.startsWith(httpVia('')) ? via : null;
  const alerts = reading.alerts.map((alert) => {
    const text = occurrenceOf(alert, source);
    return text === null ? alert : { ...alert, occurrence: digestOf(text).slice(-occurrenceDigits) };
  });
  return { ...reading, alerts };
}

function withRegions(reading: Reading, routing: RoutingPolicy): Reading {
  if (reading.state !== 'accepted' || reading.alerts.every(({ region }) => region !== null)) return reading;
  const alerts = reading.alerts.map((alert) => ({
    ...alert,
    region: alert.region ?? regionByDomain(alert, routing),
  }));
  return { ...reading, alerts };
}
