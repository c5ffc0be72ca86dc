import { asc, eq } from 'drizzle-orm';
import type { SourceTx } from '../../domain/store/sources.ts';
import type { Db } from './database.ts';
import { keptDevices, sources } from './schema/sources.ts';

const inventoryKey = 'inventory';

export function sourceQueries(db: Db): SourceTx {
  return {
    async noteSource(name, fault, now) {
      const added = await db
        .insert(sources)
        .values({ name, fault, since: now })
        .onConflictDoNothing()
        .returning({ name: sources.name });
      if (added.length > 0) return fault === null ? 'unchanged' : 'broken';
      const [before] = await db.select().from(sources).where(eq(sources.name, name)).for('update');
      const isNews = (before?.fault ?? null) === null ? fault !== null : fault === null;
      await db
        .update(sources)
        .set({ fault, ...(isNews && { since: now }) })
        .where(eq(sources.name, name));
      if (!isNews) return 'unchanged';
      return fault === null ? 'recovered' : 'broken';
    },

    sources: () => db.select().from(sources).orderBy(asc(sources.name)),

    async keepDevices(devices, now) {
      const row = { key: inventoryKey, devices, keptAt: now };
      await db.insert(keptDevices).values(row).onConflictDoUpdate({ target: keptDevices.key, set: row });
    },

    async keptDevices() {
      const [row] = await db.select().from(keptDevices).where(eq(keptDevices.key, inventoryKey));
      return row?.devices ?? null;
    },
  };
}
