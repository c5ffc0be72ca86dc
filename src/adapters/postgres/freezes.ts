import { and, asc, gt, inArray, isNull, or } from 'drizzle-orm';
import type { FreezeTx } from '../../domain/store/freezes.ts';
import type { Db } from './database.ts';
import { freezes } from './schema/freezes.ts';

export function freezeQueries(db: Db): FreezeTx {
  return {
    async addFreeze(freeze) {
      await db.insert(freezes).values(freeze);
    },

    freezes: (now) =>
      db
        .select()
        .from(freezes)
        .where(and(isNull(freezes.liftedAt), or(isNull(freezes.until), gt(freezes.until, now))))
        .orderBy(asc(freezes.at)),

    async liftFreezes(ids, by, now) {
      if (ids.length === 0) return;
      await db
        .update(freezes)
        .set({ liftedBy: by, liftedAt: now })
        .where(and(inArray(freezes.id, [...ids]), isNull(freezes.liftedAt)));
    },
  };
}
