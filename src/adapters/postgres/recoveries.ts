import { and, asc, eq, gte, inArray, isNull, or } from 'drizzle-orm';
import type { Evidence } from '../../domain/evidence.ts';
import type { RecoveryTx } from '../../domain/store/recoveries.ts';
import { isAnyOf } from './any-of.ts';
import type { Db } from './database.ts';
import { recoveries } from './schema/recoveries.ts';

/** Keeps versions before 0.2 from taking it for word of a device. */
const leftAlone = 'evidence';

export function recoveryQueries(db: Db): RecoveryTx {
  return {
    async addRecoveries(said) {
      const rows = [...said].flatMap(([mailId, list]) => list.map((recovery) => ({ ...recovery, mailId })));
      if (rows.length > 0) await db.insert(recoveries).values(rows);
    },

    async addEvidence(evidence) {
      if (evidence.length === 0) return;
      await db.insert(recoveries).values(evidence.map((one) => ({ ...one, outcome: leftAlone })));
    },

    async removeEvidence(origin) {
      await db.delete(recoveries).where(eq(recoveries.origin, origin));
    },

    async evidenceFor(names, ticketIds, since) {
      const isOfTicket = inArray(recoveries.ticketId, [...ticketIds]);
      const isOfName = and(
        isNull(recoveries.ticketId),
        or(isAnyOf(recoveries.device, names), isAnyOf(recoveries.recipient, names)),
      );
      const rows = await db
        .select()
        .from(recoveries)
        .where(and(gte(recoveries.at, since), ticketIds.length === 0 ? isOfName : or(isOfTicket, isOfName)))
        .orderBy(asc(recoveries.at), asc(recoveries.id));
      return rows.map(toEvidence);
    },
  };
}

function toEvidence(row: typeof recoveries.$inferSelect): Evidence {
  const { kind, at, origin, mailId, ticketId, device, recipient, failure, job, service, series } = row;
  const limits = { device, recipient, failure, package: row.package, job, service, series };
  return { kind, at, origin: origin ?? `mail ${mailId}`, ticketId, ...limits };
}
