import { and, asc, countDistinct, desc, eq, inArray, isNull, max, sql } from 'drizzle-orm';
import type { Part, ThresholdOverride, ThresholdTx, Totals } from '../../domain/store/thresholds.ts';
import { totalStates } from '../../domain/store/thresholds.ts';
import type { Db } from './database.ts';
import { alerts } from './schema/alerts.ts';
import { thresholdOverrides, thresholdVersion } from './schema/thresholds.ts';

/** Of the devices in the totals the worst are named. */
const devicesShown = 20;
const inForce = and(isNull(thresholdOverrides.replacedBy), isNull(thresholdOverrides.undoneAt));

export function thresholdQueries(db: Db): ThresholdTx {
  return {
    async thresholdVersion() {
      const [row] = await db.select().from(thresholdVersion);
      return row?.version ?? 0;
    },

    async thresholdOverrides() {
      const rows = await db
        .select()
        .from(thresholdOverrides)
        .where(inForce)
        .orderBy(asc(thresholdOverrides.id));
      return rows.map(toOverride);
    },

    async addThresholdOverride(key, { rule, setBy, setAt }) {
      const before = await findInForce(db, key);
      // The index allows one in force: the old one goes before the new one comes.
      if (before) await change(db, before.id, { replacedBy: 0 });
      const [row] = await db
        .insert(thresholdOverrides)
        .values({ key, rule, setBy, setAt })
        .returning({ id: thresholdOverrides.id });
      if (!row) throw new Error('PostgreSQL answered an INSERT … RETURNING without a row');
      if (before) await change(db, before.id, { replacedBy: row.id });
      await raiseVersion(db);
      return row.id;
    },

    async undoThresholdOverride(key, { who, at }) {
      const undone = await findInForce(db, key);
      if (!undone) return null;
      await change(db, undone.id, { undoneBy: who, undoneAt: at });
      const [restored] = await db
        .update(thresholdOverrides)
        .set({ replacedBy: null })
        .where(eq(thresholdOverrides.replacedBy, undone.id))
        .returning();
      await raiseVersion(db);
      return { undone: toOverride(undone), restored: restored ? toOverride(restored) : null };
    },

    totals: (part) => readTotals(db, part),
  };
}

type OverrideRow = typeof thresholdOverrides.$inferSelect;

async function findInForce(db: Db, key: string): Promise<OverrideRow | undefined> {
  const [row] = await db
    .select()
    .from(thresholdOverrides)
    .where(and(eq(thresholdOverrides.key, key), inForce));
  return row;
}

async function change(db: Db, id: number, values: Partial<OverrideRow>): Promise<void> {
  await db.update(thresholdOverrides).set(values).where(eq(thresholdOverrides.id, id));
}

async function raiseVersion(db: Db): Promise<void> {
  await db
    .insert(thresholdVersion)
    .values({ version: 1 })
    .onConflictDoUpdate({
      target: thresholdVersion.only,
      set: { version: sql`${thresholdVersion.version} + 1` },
    });
}

function toOverride({ id, rule, setBy, setAt }: OverrideRow): ThresholdOverride {
  return { id, rule, setBy, setAt };
}

async function readTotals(db: Db, part: Part): Promise<Totals> {
  const inPart = and(
    inArray(alerts.state, [...totalStates]),
    part.device === null ? undefined : eq(alerts.deviceName, part.device),
    part.region === null ? undefined : eq(alerts.inRegion, part.region),
    part.building === null ? undefined : eq(alerts.inBuilding, part.building),
    part.server === null ? undefined : eq(alerts.distributionServer, part.server),
  );
  const { failure, deviceName, occurrence, id, at } = alerts;
  const occurrences = countDistinct(sql`coalesce(${occurrence}, ${id}::text)`);
  const failures = await db
    .select({ failure, alerts: occurrences, devices: countDistinct(deviceName), lastAt: max(at) })
    .from(alerts)
    .where(inPart)
    .groupBy(failure)
    .orderBy(desc(occurrences), asc(failure));
  const devices = await db
    .select({ device: deviceName, failure, alerts: occurrences })
    .from(alerts)
    .where(inPart)
    .groupBy(deviceName, failure)
    .orderBy(desc(occurrences), asc(deviceName), asc(failure))
    .limit(devicesShown);
  // A group has a row, so it has a last time.
  return { failures: failures.map((row) => ({ ...row, lastAt: row.lastAt ?? new Date(0) })), devices };
}
