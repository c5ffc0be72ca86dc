import { type SQLWrapper, sql } from 'drizzle-orm';
import type { Claim } from '../../domain/store/counting.ts';
import { rowsOf } from './bulk-rows.ts';
import type { Db } from './database.ts';
import { alerts } from './schema/alerts.ts';
import { ticketFacts, tickets } from './schema/tickets.ts';

/**
 * Two common table expressions that add the rows of the one before them, `moved` (alerts with their new ticket), to
 * the totals and the facts of the tickets.
 */
export const absorbMoved = sql`
  named as (
    insert into ${ticketFacts} (ticket_id, kind, name, alert_count)
    select ticket_id, kind, name, count(*)::int
    from (
      select ticket_id, 'package' as kind, package as name from moved
      union all select ticket_id, 'job', job from moved
      union all select ticket_id, 'server', distribution_server from moved
      union all select ticket_id, 'device', coalesce(recipient, device) from moved
    ) as facts
    where name is not null
    group by ticket_id, kind, name
    on conflict (ticket_id, kind, name)
    do update set alert_count = ${ticketFacts.alertCount} + excluded.alert_count
  ),
  summed as (
    update ${tickets} as t
    set alert_count = t.alert_count + s.n,
      first_at = case when t.alert_count = 0 then s.first_at else least(t.first_at, s.first_at) end,
      last_at = case when t.alert_count = 0 then s.last_at else greatest(t.last_at, s.last_at) end
    from (
      select ticket_id, min(at) as first_at, max(at) as last_at,
        (count(*) filter (where occurrence is null) + count(distinct occurrence) filter (where not exists (
          select from ${alerts} as had where had.occurrence = moved.occurrence and had.ticket_id = moved.ticket_id)))::int as n
      from moved group by ticket_id
    ) as s
    where t.id = s.ticket_id
  )`;

/**
 * Moves alerts into a ticket, and adds them to its totals. `takeable` selects their `id` and, as `was`, the ticket that had
 * them. Returns the tickets that they were taken from, in order.
 */
export async function moveIntoTicket(
  db: Db,
  takeable: SQLWrapper,
  { ticketId, state, reason }: Pick<Claim, 'ticketId' | 'state' | 'reason'>,
): Promise<readonly number[]> {
  const result = await db.execute(sql`
    with moved as (
      update ${alerts} as a set ticket_id = ${ticketId}, state = ${state}, reason = ${reason}
      from (${takeable}) as takeable
      where a.id = takeable.id
      returning a.*, takeable.was
    ), ${absorbMoved}
    select distinct was from moved where was is not null order by was`);
  return rowsOf<{ was: unknown }>(result).map(({ was }) => Number(was));
}
