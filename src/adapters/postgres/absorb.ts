import { sql } from 'drizzle-orm';
import type { AlertFields } from '../../domain/alert.ts';
import { bulkInsert } from './bulk-rows.ts';
import type { Db } from './database.ts';
import { ticketFacts, tickets } from './schema/tickets.ts';

type FactKind = (typeof ticketFacts.$inferSelect)['kind'];
type Fact = { readonly ticketId: number; readonly kind: FactKind; readonly name: string; alertCount: number };

/** Adds what alerts say to the totals and facts of their tickets. */
export async function absorbInto(db: Db, groups: ReadonlyMap<number, readonly AlertFields[]>): Promise<void> {
  if (groups.size === 0) return;
  const sums = [...groups].map(([id, alerts]) => sumOf(id, alerts));
  await db.execute(sql`
    update ${tickets} as t
    set alert_count = t.alert_count + s.n,
      first_at = least(t.first_at, s.first_at),
      last_at = greatest(t.last_at, s.last_at)
    from jsonb_to_recordset(${JSON.stringify(sums)}::jsonb)
      as s(id bigint, n int, first_at timestamptz, last_at timestamptz)
    where t.id = s.id`);
  const facts = [...groups].flatMap(([id, alerts]) => factsOf(id, alerts));
  await db.execute(sql`${bulkInsert(db, ticketFacts, facts)}
    on conflict (ticket_id, kind, name)
    do update set alert_count = ${ticketFacts.alertCount} + excluded.alert_count`);
}

function sumOf(id: number, alerts: readonly AlertFields[]) {
  const times = alerts.map((alert) => alert.at.getTime());
  const [first, last] = times.reduce(
    ([min, max], time) => [Math.min(min, time), Math.max(max, time)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return { id, n: times.length, first_at: new Date(first), last_at: new Date(last) };
}

function factsOf(ticketId: number, alerts: readonly AlertFields[]): readonly Fact[] {
  const facts = new Map<string, Fact>();
  const add = (kind: FactKind, name: string | null) => {
    if (name === null) return;
    const key = `${kind} ${name}`;
    const known = facts.get(key);
    if (known) known.alertCount += 1;
    else facts.set(key, { ticketId, kind, name, alertCount: 1 });
  };
  for (const alert of alerts) {
    add('package', alert.package);
    add('job', alert.job);
    add('server', alert.distributionServer);
    add('device', alert.recipient ?? alert.device);
  }
  return [...facts.values()];
}
