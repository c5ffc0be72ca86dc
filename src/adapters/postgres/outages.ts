import type { OutageTx } from '../../domain/store/outages.ts';
import type { Db } from './database.ts';
import { outages } from './schema/outages.ts';

export function outageQueries(db: Db): OutageTx {
  return {
    async outages() {
      const rows = await db.select().from(outages);
      return rows.map((row) => ({ ...row, id: String(row.id) }));
    },

    async addOutage(outage, createdBy) {
      await db.insert(outages).values({ ...outage, createdBy });
    },
  };
}
