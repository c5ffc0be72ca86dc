import { json, pgTable, text } from 'drizzle-orm/pg-core';
import { id, moment } from './columns.ts';

/** What Slack has delivered already: it delivers some things twice. */
export const seenEvents = pgTable('seen_events', {
  key: text('key').primaryKey(),
  at: moment('at').notNull(),
});

/** Who did what, and when. */
export const auditEntries = pgTable('audit_entries', {
  id: id(),
  at: moment('at').notNull(),
  who: text('who').notNull(),
  what: text('what').notNull(),
  about: text('about').notNull(),
  detail: json('detail').$type<Readonly<Record<string, unknown>>>(),
});
