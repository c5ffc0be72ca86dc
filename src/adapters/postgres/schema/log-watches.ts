import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';

/** Servers with failed jobs, whose logs are read for successes. */
export const logWatches = pgTable('log_watches', {
  server: text('server').primaryKey(),
  readUntil: moment('read_until'),
  misses: integer('misses').notNull().default(0),
  lookAt: moment('look_at').notNull(),
});
