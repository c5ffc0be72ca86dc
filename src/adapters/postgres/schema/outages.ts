import { pgTable, text } from 'drizzle-orm/pg-core';
import { id, moment } from './columns.ts';

export const outages = pgTable('outages', {
  id: id(),
  device: text('device').notNull(),
  from: moment('starts_at').notNull(),
  until: moment('ends_at').notNull(),
  reason: text('reason').notNull(),
  createdBy: text('created_by').notNull(),
});
