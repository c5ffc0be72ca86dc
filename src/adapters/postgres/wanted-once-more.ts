import { sql } from 'drizzle-orm';
import { deliveries } from './schema/deliveries.ts';

/** Raises `wanted`; what was sent or given up is taken up again. A wait that is under way goes on. */
export function wantedOnceMore(now: Date) {
  const settled = sql`${deliveries.state} in ('sent', 'failed')`;
  return {
    wanted: sql`${deliveries.wanted} + 1`,
    attempts: sql`case when ${settled} then 0 else ${deliveries.attempts} end`,
    dueAt: sql`greatest(${deliveries.dueAt}, ${now.toISOString()}::timestamptz)`,
    state: sql`case when ${settled} then 'pending' else ${deliveries.state} end`,
  };
}
