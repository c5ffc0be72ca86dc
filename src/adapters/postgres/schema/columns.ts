import { bigserial, customType, timestamp } from 'drizzle-orm/pg-core';

/** Raw bytes. */
export const bytes = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });

/** A point in time, in UTC. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Our own id, counted up. */
export const id = () => bigserial('id', { mode: 'number' }).primaryKey();
