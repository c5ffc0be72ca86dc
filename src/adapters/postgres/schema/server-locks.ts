import { jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { Person } from '../../../domain/chat.ts';
import { moment } from './columns.ts';

/** One row for each server that is being redistributed. */
export const serverLocks = pgTable('server_locks', {
  server: text('server').primaryKey(),
  redistributionId: text('redistribution_id').notNull(),
  owner: jsonb('owner').$type<Person>().notNull(),
  since: moment('since').notNull(),
  expiresAt: moment('expires_at').notNull(),
});
