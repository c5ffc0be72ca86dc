import { pgTable, text } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';

/** Intakes that a bot reads mail from right now. One that ends as it should takes its row away. */
export const readings = pgTable('readings', {
  intake: text('intake').primaryKey(),
  reader: text('reader').notNull(),
  since: moment('since').notNull(),
});
