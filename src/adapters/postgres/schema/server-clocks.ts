import { doublePrecision, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';

/** How far the servers' clocks were off, whenever that was measured and had changed. */
export const serverClocks = pgTable(
  'server_clocks',
  {
    server: text('server').notNull(),
    measuredAt: moment('measured_at').notNull(),
    offsetMs: doublePrecision('offset_ms').notNull(),
    uncertaintyMs: doublePrecision('uncertainty_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.server, t.measuredAt] })],
);
