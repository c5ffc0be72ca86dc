import { jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { Device } from '../../../domain/device.ts';
import { moment } from './columns.ts';

/** How each source is doing that is read again and again. */
export const sources = pgTable('sources', {
  name: text('name').primaryKey(),
  /** What is wrong with it; null: nothing. */
  fault: text('fault'),
  since: moment('since').notNull(),
});

/** The devices as the inventory's source last had them without a fault; one row. */
export const keptDevices = pgTable('kept_devices', {
  key: text('key').primaryKey(),
  devices: jsonb('devices').$type<readonly Device[]>().notNull(),
  keptAt: moment('kept_at').notNull(),
});
