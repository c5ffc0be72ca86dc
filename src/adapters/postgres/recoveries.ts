import { and, asc, eq, gte, inArray, isNull } from 'drizzle-orm';
import type { RecoveryTx } from '../../domain/store/recoveries.ts';
import type { Db } from './database.ts';
import { recoveries } from './schema/recoveries.ts';

export function recoveryQueries(db: Db): RecoveryTx {
  return {
    async addRecoveries(mailId, list) {
      if (list.length === 0) return;
      await db.insert(recoveries).values(list.map((recovery) => ({ ...recovery, mailId })));
    },

    async newRecoveries(devices, since) {
      const isAsked = and(inArray(recoveries.device, [...devices]), gte(recoveries.at, since));
      return db
        .select()
        .from(recoveries)
        .where(and(isNull(recoveries.outcome), isAsked))
        .orderBy(asc(recoveries.id));
    },

    async settleRecovery(id, outcome) {
      await db.update(recoveries).set({ outcome }).where(eq(recoveries.id, id));
    },
  };
}
