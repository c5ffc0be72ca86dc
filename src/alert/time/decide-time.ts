import type { WallMoments, WallTime } from '../../domain/zoned-time.ts';
import { atWall, momentsOfWall } from '../../domain/zoned-time.ts';
import type { WrittenTime } from './written-time.ts';
import type { WrittenZone } from './zone-name.ts';

/** Which zone a time without one was read in, and why. */
export type ZoneReason =
  /** The config states the zone of the source. */
  | 'zone-of-source'
  /** In this zone it lies shortly before the mail was sent. */
  | 'site-zone-fits'
  | 'region-zone-fits'
  | 'date-offset-fits'
  | 'utc-fits'
  /** It fits in several, as different moments: read in the first of them. */
  | 'several-zones-fit'
  /** It fits in no zone: read in the site's. */
  | 'zone-not-known';

export interface ZoneChoice {
  readonly reason: ZoneReason;
  /** An IANA name, or an offset such as `-0800`. */
  readonly zone: string;
  readonly at: Date;
}

/** The zones that a time without one may be in. */
export interface PossibleZones {
  /** By the config; `null` if it states none. */
  readonly source: string | null;
  readonly site: string;
  readonly region: string | null;
  /** Of the Date header; `null` without one. */
  readonly dateOffsetMs: number | null;
}

/** How long before its mail is sent a failure is announced at most, in ms. */
const longestBeforeMs = 90 * 60_000;

interface Candidate {
  readonly reason: ZoneReason;
  readonly zone: string;
  readonly moments: WallMoments;
}

/**
 * Decides when a time without a zone was (A6): in the source's zone, else in the one of the site's, the region's, the Date
 * header's and UTC in which it lies 0-90 minutes before `sentAt`, else in the site's. If several fit, the first of them.
 */
export function decideZone(written: WrittenTime, zones: PossibleZones, sentAt: Date): ZoneChoice {
  const { wall, secondsMs } = written;
  const late = (moment: Date) => new Date(moment.getTime() + secondsMs);
  if (zones.source !== null) {
    const { source } = zones;
    return { reason: 'zone-of-source', zone: source, at: late(inZone(wall, source, sentAt)) };
  }
  const fitting = candidates(wall, zones).flatMap(({ reason, zone, moments }): ZoneChoice[] => {
    const moment = moments.isSkipped ? null : fittingMoment(moments, sentAt, secondsMs);
    return moment === null ? [] : [{ reason, zone, at: late(moment) }];
  });
  const [first] = fitting;
  const isSure = fitting.every(({ at }) => at.getTime() === first?.at.getTime());
  if (first) return isSure ? first : { ...first, reason: 'several-zones-fit' };
  return { reason: 'zone-not-known', zone: zones.site, at: late(inZone(wall, zones.site, sentAt)) };
}

/** Returns when a time was that states its zone; an abbreviation of several zones is taken for the one that fits. */
export function atWrittenZone({ wall, secondsMs }: WrittenTime, zone: WrittenZone, sentAt: Date): Date {
  if ('timeZone' in zone) return new Date(inZone(wall, zone.timeZone, sentAt).getTime() + secondsMs);
  const moments = zone.offsetsMs.map((offsetMs) => atOffset(wall, offsetMs).first);
  const fitting = moments.find((moment) => isShortlyBefore(moment, sentAt, secondsMs));
  return new Date((fitting ?? moments[0] ?? sentAt).getTime() + secondsMs);
}

function candidates(wall: WallTime, { site, region, dateOffsetMs }: PossibleZones): readonly Candidate[] {
  const named = (reason: ZoneReason, zone: string | null): readonly Candidate[] =>
    zone === null ? [] : [{ reason, zone, moments: momentsOfWall(wall, zone) }];
  const ofDate: readonly Candidate[] =
    dateOffsetMs === null
      ? []
      : [
          {
            reason: 'date-offset-fits',
            zone: showOffset(dateOffsetMs),
            moments: atOffset(wall, dateOffsetMs),
          },
        ];
  return [
    ...named('site-zone-fits', site),
    ...named('region-zone-fits', region),
    ...ofDate,
    { reason: 'utc-fits', zone: 'UTC', moments: atOffset(wall, 0) },
  ];
}

/** Of an hour that comes twice, the moment that fits and is nearest to the mail. */
function fittingMoment({ first, last }: WallMoments, sentAt: Date, secondsMs: number): Date | null {
  return [last, first].find((moment) => isShortlyBefore(moment, sentAt, secondsMs)) ?? null;
}

function isShortlyBefore(moment: Date, sentAt: Date, secondsMs: number): boolean {
  const beforeMs = sentAt.getTime() - moment.getTime() - secondsMs;
  return beforeMs >= 0 && beforeMs <= longestBeforeMs;
}

/** Of an hour that comes twice, the later moment that is not after the mail; one that clocks skip is as much later. */
function inZone(wall: WallTime, zone: string, sentAt: Date): Date {
  const { last, isSkipped } = momentsOfWall(wall, zone);
  return isSkipped || last > sentAt ? atWall(wall, zone) : last;
}

function atOffset({ year, month, day, hour, minute }: WallTime, offsetMs: number): WallMoments {
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute) - offsetMs);
  return { first: at, last: at, isSkipped: false };
}

function showOffset(offsetMs: number): string {
  const minutes = Math.abs(Math.round(offsetMs / 60_000));
  const two = (number: number) => String(number).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}
