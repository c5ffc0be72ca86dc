import type { AlertFields } from '../../domain/alert.ts';
import type { Mail } from '../../domain/mail.ts';
import type { SourceZone, ZonePolicy } from '../../domain/zone-policy.ts';
import { atWrittenZone, decideZone, type ZoneChoice } from './decide-time.ts';
import { readWrittenTime } from './written-time.ts';
import { readZone } from './zone-name.ts';

/** What is known of the alert that states a time. */
export type TimeSource = Pick<AlertFields, 'device' | 'domain' | 'region' | 'distributionServer'>;

export interface TimeContext {
  readonly mail: Mail;
  readonly receivedAt: Date;
  readonly zones: ZonePolicy;
  /** Returns the region of an alert that states none; `null` if it is not known. */
  readonly regionOf: (source: TimeSource) => string | null;
}

/** When an alert's failure was. */
export interface ReadTime {
  readonly at: Date;
  /** For a time that was written without a zone. */
  readonly choice: (ZoneChoice & { readonly written: string }) | null;
}

/** Reads the time that an alert states, however it came (A6): the mail's own time if it states none that can be read. */
export function readTime(text: string | undefined, source: TimeSource, context: TimeContext): ReadTime {
  const { mail, receivedAt } = context;
  const sentAt = mail.date ?? receivedAt;
  const written = text === undefined ? null : readWrittenTime(text, sentAt);
  if (text === undefined || written === null) return { at: sentAt, choice: null };
  if (written.zone !== null) return { at: atWrittenZone(written, written.zone, sentAt), choice: null };
  const choice = decideZone(written, possibleZones(source, context), sentAt);
  return { at: choice.at, choice: { ...choice, written: text } };
}

function possibleZones(source: TimeSource, { mail, zones, regionOf }: TimeContext) {
  const region = source.region ?? regionOf(source);
  const entry = zones.sourceZones.find((each) => isFor(each, { ...source, region }));
  return {
    source: entry?.timeZone ?? null,
    site: zones.siteZone,
    region: region === null ? null : (zones.regionZones.get(region) ?? null),
    dateOffsetMs: offsetOfDate(mail),
  };
}

function isFor({ domain, region, server }: SourceZone, source: TimeSource): boolean {
  return (
    (domain === null || isWithin(source.domain, domain.toLowerCase())) &&
    (region === null || region === source.region) &&
    (server === null || server.toLowerCase() === source.distributionServer?.toLowerCase())
  );
}

function isWithin(domain: string | null, tail: string): boolean {
  return domain === tail || domain?.endsWith(`.${tail}`) === true;
}

/** How far the clock that dated the mail is ahead of UTC, in ms; `null` if its Date header does not say (RFC 5322 section 3.3). */
function offsetOfDate({ headers }: Mail): number | null {
  const [written = ''] = headers.get('date') ?? [];
  const [, zone = ''] = /\d ([+-]\d{4}|[A-Z]{1,4})(?: *\([^)]*\))? *$/.exec(written) ?? [];
  const read = zone === '-0000' ? null : readZone(zone);
  return read !== null && 'offsetsMs' in read ? (read.offsetsMs[0] ?? null) : null;
}
