import { sql } from 'drizzle-orm';
import type { AlertFields } from '../../domain/alert.ts';
import { bulkInsert } from './bulk-rows.ts';
import type { Db } from './database.ts';
import { alerts } from './schema/alerts.ts';
import { ticketFacts, tickets } from './schema/tickets.ts';

type FactKind = (typeof ticketFacts.$inferSelect)['kind'];
type Fact = { readonly ticketId: number; readonly kind: FactKind; readonly name: string; alertCount: number };

/** Adds what alerts, which are stored as theirs, say to the totals and facts of their tickets. */
export async function absorbInto(db: Db, groups: ReadonlyMap<number, readonly AlertFields[]>): Promise<void> {
  if (groups.size === 0) return;
  const sums = [...groups].map(([id, list]) => sumOf(id, list));
  // An occurrence is new to its ticket if the ticket has no more alerts of it than those that are added.
  await db.execute(sql`
    update ${tickets} as t
    set alert_count = t.alert_count + s.n + (
        select count(*)::int from json_each_text(s.occurrences) as o(occurrence, n)
        where (select count(*) from ${alerts} as a where a.occurrence = o.occurrence and a.ticket_id = s.id) <= o.n::int),
      first_at = least(t.first_at, s.first_at),
      last_at = greatest(t.last_at, s.last_at)
    from json_to_recordset(${JSON.stringify(sums)}::json)
      as s(id bigint, n int, occurrences json, first_at timestamptz, last_at timestamptz)
    where t.id = s.id`);
  const facts = [...groups].flatMap(([id, list]) => factsOf(id, list));
  await db.execute(sql`${bulkInsert(db, ticketFacts, facts)}
    on conflict (ticket_id, kind, name)
    do update set alert_count = ${ticketFacts.alertCount} + excluded.alert_count`);
}

function sumOf(id: number, list: readonly AlertFields[]) {
  const times = list.map((alert) => alert.at.getTime());
  const occurrences: Record<string, number> = {};
  for (const { occurrence } of list)
    if (occurrence != null) occurrences[occurrence] = (occurrences[occurrence] ?? 0) + 1;
  const [first, last] = times.reduce(
    ([min, max], time) => [Math.min(min, time), Math.max(max, time)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const single = list.filter(({ occurrence }) => occurrence == null).length;
  return { id, n: single, occurrences, first_at: new Date(first), last_at: new Date(last) };
}

function factsOf(ticketId: number, list: readonly AlertFields[]): readonly Fact[] {
  const facts = new Map<string, Fact>();
  const add = (kind: FactKind, name: string | null) => {
    if (name === null) return;
    const key = `${kind} ${name}`;
    const known = facts.get(key);
    if (known) known.alertCount += 1;
    else facts.set(key, { ticketId, kind, name, alertCount: 1 });
  };
  for (const alert of list) {
    add('package', alert.package);
    add('job', alert.job);
    add('server', alert.distributionServer);
    add('device', alert.recipient ?? alert.device);
  }
  return [...facts.values()];
}
