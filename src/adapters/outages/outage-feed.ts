import { RestageError } from '../../domain/errors.ts';
import type { OutageFeed, OutageNotice } from '../../domain/outage.ts';
import type { TextPlace, TextReader } from '../../domain/text-source.ts';
import { readListed } from './read-listed.ts';

export interface OutageFeedOptions {
  readonly name: string;
  readonly type: 'ical' | 'csv' | 'json';
  readonly place: TextPlace;
  readonly everyMs: number;
  /** For times that do not say their zone. */
  readonly timeZone: string;
  readonly reader: TextReader;
  readCalendar(
    text: string,
    options: { readonly timeZone: string; readonly from: Date; readonly until: Date },
  ): readonly OutageNotice[];
}

/** Recurring events have no end: they are looked at this far ahead, and further each time. */
const aheadMs = 60 * 86_400_000;
/** Nobody plans more; what is longer is not a list of outages. */
const mostNotices = 5000;

/** Outages from a file or a URL: a calendar, or a list as CSV or JSON (A10). */
export function createOutageFeed(options: OutageFeedOptions): OutageFeed {
  const { name, everyMs, type, place, timeZone, reader } = options;
  return {
    name,
    everyMs,
    async read(now) {
      const text = await reader.read(place);
      const until = new Date(now.getTime() + aheadMs);
      const notices =
        type === 'ical'
          ? options.readCalendar(text, { timeZone, from: now, until })
          : readListed(type, text, timeZone);
      const near = notices.filter((notice) => notice.until > now && notice.from < until);
      if (near.length > mostNotices) {
        const message = `It announces ${near.length} outages for the next 60 days; ${mostNotices} are the most.`;
        throw new RestageError('source-invalid', message);
      }
      return near;
    },
  };
}
