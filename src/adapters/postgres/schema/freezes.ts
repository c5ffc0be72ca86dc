import { jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { Person } from '../../../domain/chat.ts';
import type { FreezeScope } from '../../../domain/freeze.ts';
import { moment } from './columns.ts';

/** When nothing may be approved or started, and where. */
export const freezes = pgTable('freezes', {
  id: text('id').primaryKey(),
  scope: jsonb('scope').$type<FreezeScope>().notNull(),
  reason: text('reason').notNull(),
  by: jsonb('by').$type<Person>().notNull(),
  at: moment('at').notNull(),
  until: moment('until'),
  liftedBy: jsonb('lifted_by').$type<Person>(),
  liftedAt: moment('lifted_at'),
});
