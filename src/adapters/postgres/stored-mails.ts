import {
  and,
  asc,
  count,
  desc,
  eq,
  getTableColumns,
  gte,
  inArray,
  isNotNull,
  lt,
  or,
  type SQL,
  sql,
} from 'drizzle-orm';
import type { MailFilter, StoredMailTx } from '../../domain/store/stored-mails.ts';
import { isAnyOf } from './any-of.ts';
import type { Db } from './database.ts';
import { alerts } from './schema/alerts.ts';
import { deliveries } from './schema/deliveries.ts';
import { mails } from './schema/mails.ts';

const line = {
  id: mails.id,
  via: mails.via,
  receivedAt: mails.receivedAt,
  fromAddress: mails.fromAddress,
  subject: mails.subject,
  state: mails.state,
  format: mails.format,
  gate: mails.gate,
  reason: mails.reason,
  alertCount: mails.alertCount,
  readmittedBy: mails.readmittedBy,
  readmittedAt: mails.readmittedAt,
};

export function storedMailQueries(db: Db): StoredMailTx {
  return {
    storedMails: (filter) => listMails(db, filter),

    unknownMails: (since, limit) => listUnknown(db, since, limit),

    sendersRead: (addresses, since) => findSendersRead(db, addresses, since),

    async storedMail(id) {
      const [row] = await db.select().from(mails).where(eq(mails.id, id)).for('update');
      return row ?? null;
    },

    async mailIdOf({ key, formerKey, subject }) {
      const isFormer = formerKey ? and(eq(mails.key, formerKey), eq(mails.subject, subject)) : undefined;
      const [row] = await db
        .select({ id: mails.id })
        .from(mails)
        .where(or(eq(mails.key, key), isFormer));
      return row?.id ?? null;
    },

    alertsOfMail: (id) => db.select().from(alerts).where(eq(alerts.mailId, id)).orderBy(asc(alerts.ordinal)),

    alertsAbout: (names, since, limit) =>
      listTold(
        db,
        and(gte(alerts.at, since), or(isAnyOf(alerts.deviceName, names), isAnyOf(alerts.recipient, names))),
        limit,
      ),

    newestAlertsOf: (ticketId, limit) => listTold(db, eq(alerts.ticketId, ticketId), limit),

    mailsNaming: (names, since, limit) => listNaming(db, names, since, limit),

    async readmitMail(id, { by, at, gates, ...change }) {
      const decisive = gates.at(-1);
      await db
        .update(mails)
        .set({
          ...change,
          gates,
          gate: decisive?.gate ?? 'mime',
          reason: decisive?.reason ?? 'unread',
          readmittedBy: by,
          readmittedAt: at,
        })
        .where(eq(mails.id, id));
    },

    dropSources: (before, limit) => dropSources(db, before, limit),

    async deliveryCounts() {
      const rows = await db
        .select({ state: deliveries.state, n: count() })
        .from(deliveries)
        .groupBy(deliveries.state);
      return { pending: 0, failed: 0, ...Object.fromEntries(rows.map(({ state, n }) => [state, n])) };
    },
  };
}

function listMails(db: Db, { state, since, limit }: MailFilter) {
  const isWanted = and(
    state === null ? undefined : eq(mails.state, state),
    since === null ? undefined : gte(mails.receivedAt, since),
  );
  return db
    .select(line)
    .from(mails)
    .where(isWanted)
    .orderBy(desc(mails.receivedAt), desc(mails.id))
    .limit(limit);
}

function listTold(db: Db, isWanted: SQL | undefined, limit: number) {
  return db
    .select({ ...getTableColumns(alerts), format: mails.format, receivedAt: mails.receivedAt })
    .from(alerts)
    .innerJoin(mails, eq(mails.id, alerts.mailId))
    .where(isWanted)
    .orderBy(desc(alerts.at), desc(alerts.id))
    .limit(limit);
}

function listNaming(db: Db, names: readonly string[], since: Date, limit: number) {
  const spelled = names.map((name) => name.replaceAll(/[^a-z0-9]/gi, String.raw`\$&`)).join('|');
  const word = `(^|[^a-z0-9_-])(${spelled})($|[^a-z0-9_-])`;
  const isNamed = sql`concat_ws(' ', ${mails.subject}, ${mails.fromAddress}) ~* ${word}`;
  return db
    .select(line)
    .from(mails)
    .where(and(inArray(mails.state, ['rejected', 'dead-letter']), gte(mails.receivedAt, since), isNamed))
    .orderBy(desc(mails.receivedAt), desc(mails.id))
    .limit(limit);
}

function listUnknown(db: Db, since: Date, limit: number) {
  const { id, fromAddress, subject, receivedAt } = line;
  const isUnknown = and(
    eq(mails.state, 'dead-letter'),
    gte(mails.receivedAt, since),
    eq(mails.reason, 'no-format-matches'),
  );
  return db
    .select({ id, fromAddress, subject, receivedAt })
    .from(mails)
    .where(isUnknown)
    .orderBy(desc(mails.receivedAt), desc(mails.id))
    .limit(limit);
}

async function findSendersRead(
  db: Db,
  addresses: readonly string[],
  since: Date,
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectDistinct({ address: mails.fromAddress })
    .from(mails)
    .where(
      and(
        inArray(mails.state, ['accepted', 'ignored']),
        gte(mails.receivedAt, since),
        inArray(mails.fromAddress, [...addresses]),
        isNotNull(mails.format),
      ),
    );
  return new Set(rows.flatMap(({ address }) => address ?? []));
}

async function dropSources(db: Db, before: Date, limit: number): Promise<number> {
  const oldest = db
    .select({ id: mails.id })
    .from(mails)
    .where(and(isNotNull(mails.source), lt(mails.receivedAt, before)))
    .orderBy(asc(mails.receivedAt))
    .limit(limit);
  const dropped = await db
    .update(mails)
    .set({ source: null })
    .where(inArray(mails.id, oldest))
    .returning({ id: mails.id });
  return dropped.length;
}
