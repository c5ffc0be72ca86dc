import { RestageError } from '../../domain/errors.ts';
import type { OutageFeed, OutageNotice } from '../../domain/outage.ts';
import type { RowSource } from '../../domain/row-source.ts';
import type { TextPlace, TextReader } from '../../domain/text-source.ts';
import { readListed, readNotices } from './read-listed.ts';
import { readObjectRows } from './read-rows.ts';

/** A text of some type, or the rows of a query. */
export type OutageOrigin =
  | {
      readonly type: 'ical' | 'csv' | 'json';
      readonly place: TextPlace;
      readonly reader: TextReader;
    }
  | { readonly type: 'sql'; readonly rows: RowSource };

export interface OutageFeedOptions {
  readonly name: string;
  readonly origin: OutageOrigin;
  readonly everyMs: number;
  /** For times that do not say their zone. */
  readonly timeZone: string;
  readCalendar(
    text: string,
    options: { readonly timeZone: string; readonly from: Date; readonly until: Date },
  ): readonly OutageNotice[];
}

/** Recurring events have no end: they are looked at this far ahead, and further each time. */
const aheadMs = 60 * 86_400_000;
/** Nobody plans more; what is longer is not a list of outages. */
const mostNotices = 5000;

/** Outages from a file or a URL, a calendar or a list as CSV or JSON, or from a database (A10). */
export function createOutageFeed(options: OutageFeedOptions): OutageFeed {
  const { name, everyMs } = options;
  return {
    name,
    everyMs,
    async read(now) {
      const until = new Date(now.getTime() + aheadMs);
      const notices = await readOrigin(options, now, until);
      const near = notices.filter((notice) => notice.until > now && notice.from < until);
      if (near.length > mostNotices) {
        const message = `It announces ${near.length} outages for the next 60 days; ${mostNotices} are the most.`;
        throw new RestageError('source-invalid', message);
      }
      return near;
    },
  };
}

async function readOrigin(
  options: OutageFeedOptions,
  from: Date,
  until: Date,
): Promise<readonly OutageNotice[]> {
  const { origin, timeZone } = options;
  if (origin.type === 'sql') return readNotices(readObjectRows(await origin.rows()), timeZone);
  const text = await origin.reader.read(origin.place);
  return origin.type === 'ical'
    ? options.readCalendar(text, { timeZone, from, until })
    : readListed(origin.type, text, timeZone);
}
