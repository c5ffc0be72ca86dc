import { and, asc, eq, inArray, isNull, lt } from 'drizzle-orm';
import type { DryRunTx } from '../../domain/store/dry-runs.ts';
import type { Db } from './database.ts';
import { dryRuns } from './schema/dry-runs.ts';
import { redistributions } from './schema/redistributions.ts';

export function dryRunQueries(db: Db): DryRunTx {
  return {
    async addDryRuns(runs) {
      if (runs.length > 0) await db.insert(dryRuns).values([...runs]);
    },

    async dryRun(id) {
      const [row] = await db.select().from(dryRuns).where(eq(dryRuns.id, id));
      return row ?? null;
    },

    openDryRuns: (redistributionId) =>
      db
        .select()
        .from(dryRuns)
        .where(
          and(
            redistributionId === null ? undefined : eq(dryRuns.redistributionId, redistributionId),
            isNull(dryRuns.endedAt),
          ),
        )
        .orderBy(asc(dryRuns.requestedAt), asc(dryRuns.id)),

    async endDryRun(id, end, endedAt) {
      const ended = await db
        .update(dryRuns)
        .set({ ...end, endedAt })
        .where(and(eq(dryRuns.id, id), isNull(dryRuns.endedAt)))
        .returning({ id: dryRuns.id });
      return ended.length === 1;
    },

    async dryRunsToPrune(server, endedBefore, limit) {
      return db
        .select({ id: dryRuns.id, runFolder: dryRuns.runFolder })
        .from(dryRuns)
        .innerJoin(redistributions, eq(redistributions.id, dryRuns.redistributionId))
        .where(
          and(
            eq(redistributions.server, server),
            eq(dryRuns.pruned, false),
            lt(dryRuns.endedAt, endedBefore),
          ),
        )
        .limit(limit);
    },

    async noteDryRunsPruned(ids) {
      await db
        .update(dryRuns)
        .set({ pruned: true })
        .where(inArray(dryRuns.id, [...ids]));
    },
  };
}
