import { type SQL, sql } from 'drizzle-orm';
import { type Level, levels } from '../../domain/level.ts';
import { alerts } from './schema/alerts.ts';
import { tickets } from './schema/tickets.ts';

/** The place of a ticket's level in `levels`, read from its counter. */
const levelOfTicket = sql`case
  when ${tickets.counter} like 'root-cause(%, package=%' then ${place('root-of-package')}
  when ${tickets.counter} like 'root-cause(%' or ${tickets.counter} like 'root-cause|%' then ${place('root')}
  else case split_part(split_part(${tickets.counter}, '|', 2), ':', 1)
    when 'package' then ${place('package')} when 'job' then ${place('job')}
    when 'network' then ${place('network')} when 'region' then ${place('region')}
    when 'building' then ${place('building')} when 'server' then ${place('server')}
    else ${place('device')} end end`;

function place(level: Level): SQL {
  return sql.raw(String(levels.indexOf(level)));
}

/**
 * The alert still counts for something at this level: it is in no ticket, or in one that still takes alerts in and is of
 * no stronger level.
 */
export function countsAt(level: Level): SQL {
  return sql`${alerts.state} in ('counted', 'held', 'ticketed') and (${alerts.ticketId} is null
    or (${tickets.state} in ('candidate', 'held', 'open', 'acknowledged', 'repaired')
      and ${levelOfTicket} >= ${place(level)}))`;
}

export function isOfLevel(level: Level): SQL {
  return sql`(${levelOfTicket} = ${place(level)})`;
}
