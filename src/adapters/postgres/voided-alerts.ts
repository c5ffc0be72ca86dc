import { and, asc, countDistinct, eq, inArray, isNotNull, ne, sql } from 'drizzle-orm';
import type { OutageTx } from '../../domain/store/outages.ts';
import { outOfTotals } from '../../domain/store/outages.ts';
import type { Db } from './database.ts';
import { alertScopes, alerts } from './schema/alerts.ts';

/** Keeps a statement below PostgreSQL's 65,535 parameters. */
const idsAtOnce = 10_000;

type VoidedAlertTx = Pick<
  OutageTx,
  | 'alertingDevices'
  | 'voidAlerts'
  | 'alertsLeft'
  | 'devicesWaiting'
  | 'alertsWaiting'
  | 'waitLonger'
  | 'leaveVoided'
  | 'removeAlerts'
  | 'ticketsWith'
  | 'voidedBy'
>;

type SettlingTx = Pick<OutageTx, 'leaveVoided' | 'removeAlerts' | 'ticketsWith'>;

/** The alerts that outages took out of the totals. */
export function voidedAlertQueries(db: Db): Omit<VoidedAlertTx, keyof SettlingTx> {
  return {
    async alertingDevices(ticketId) {
      const rows = await db
        .selectDistinct({ device: alerts.deviceName })
        .from(alerts)
        .where(eq(alerts.ticketId, ticketId));
      return rows.map((row) => row.device);
    },

    async voidAlerts(ticketId, outageId, outageDevice, only) {
      const isMeant = only === null ? undefined : eq(alerts.deviceName, only);
      await db
        .update(alerts)
        .set({ state: 'voided', reason: outOfTotals, outageId, outageDevice })
        .where(and(eq(alerts.ticketId, ticketId), isMeant));
    },

    alertsLeft: (ticketId) =>
      db
        .select()
        .from(alerts)
        .where(and(eq(alerts.ticketId, ticketId), ne(alerts.state, 'voided')))
        .orderBy(asc(alerts.at), asc(alerts.id)),

    async devicesWaiting(outageId) {
      const rows = await db
        .selectDistinct({ device: alerts.outageDevice })
        .from(alerts)
        .where(and(eq(alerts.outageId, outageId), isWaiting))
        .orderBy(asc(alerts.outageDevice));
      return rows.flatMap(({ device }) => (device === null ? [] : [device]));
    },

    alertsWaiting: (outageId, device) =>
      db.select().from(alerts).where(waitingOf(outageId, device)).orderBy(asc(alerts.at), asc(alerts.id)),

    async waitLonger(outageId, device, laterId) {
      await db.update(alerts).set({ outageId: laterId }).where(waitingOf(outageId, device));
    },

    async voidedBy(outageIds) {
      if (outageIds.length === 0) return new Map();
      const rows = await db
        .select({
          outageId: alerts.outageId,
          alerts: sql<number>`count(*)::int`,
          devices: countDistinct(alerts.outageDevice),
          waiting: sql<number>`(count(*) filter (where ${isWaiting}))::int`,
        })
        .from(alerts)
        .where(inArray(alerts.outageId, [...outageIds]))
        .groupBy(alerts.outageId);
      return new Map(rows.map(({ outageId, ...count }) => [outageId ?? 0, count]));
    },
  };
}

/** What becomes of them. */
export function settlingQueries(db: Db): SettlingTx {
  return {
    async leaveVoided(ids, reason) {
      for (const some of inParts(ids))
        await db.update(alerts).set({ reason }).where(inArray(alerts.id, some));
    },

    async removeAlerts(ids) {
      for (const some of inParts(ids)) {
        const removed = db
          .delete(alerts)
          .where(inArray(alerts.id, some))
          .returning({ mailId: alerts.mailId, ordinal: alerts.ordinal });
        await db.execute(sql`with removed as ${removed} delete from ${alertScopes} as s using removed
          where s.mail_id = removed.mail_id and s.ordinal = removed.ordinal`);
      }
    },

    async ticketsWith(alertIds) {
      const found = new Set<number>();
      for (const some of inParts(alertIds)) {
        const rows = await db
          .selectDistinct({ ticketId: alerts.ticketId })
          .from(alerts)
          .where(and(inArray(alerts.id, some), isNotNull(alerts.ticketId)));
        for (const { ticketId } of rows) if (ticketId !== null) found.add(ticketId);
      }
      return [...found];
    },
  };
}

function inParts(ids: readonly number[]): readonly number[][] {
  const parts = Math.ceil(ids.length / idsAtOnce);
  return Array.from({ length: parts }, (_, part) => ids.slice(part * idsAtOnce, (part + 1) * idsAtOnce));
}

const isWaiting = and(eq(alerts.state, 'voided'), eq(alerts.reason, outOfTotals));

function waitingOf(outageId: number, device: string) {
  return and(eq(alerts.outageId, outageId), eq(alerts.outageDevice, device), isWaiting);
}
