import { count, eq, ne, type SQL, sql } from 'drizzle-orm';
import { alertStates } from '../../domain/alert.ts';
import { findDecisive } from '../../domain/gate.ts';
import { mailStates } from '../../domain/mail.ts';
import type { AuditSums, MailRecord, MailTx } from '../../domain/store/mails.ts';
import { bulkInsert, rowsOf } from './bulk-rows.ts';
import type { Db } from './database.ts';
import { alerts } from './schema/alerts.ts';
import { cursors, mails } from './schema/mails.ts';
import { tickets } from './schema/tickets.ts';

export function mailQueries(db: Db): MailTx {
  return {
    async addMails(records) {
      if (records.length === 0) return new Map();
      const added = await db.execute(prepared.get(records) ?? insertOf(db, records));
      const ids = rowsOf<{ id: string; key: string }>(added).map(({ id, key }) => [key, Number(id)] as const);
      return new Map(ids.toSorted(([, a], [, b]) => a - b));
    },

    async saveCursor(cursor) {
      await db
        .insert(cursors)
        .values(cursor)
        .onConflictDoUpdate({
          target: cursors.mailbox,
          set: { uidValidity: cursor.uidValidity, lastUid: cursor.lastUid },
        });
    },

    async cursorOf(mailbox) {
      const [row] = await db.select().from(cursors).where(eq(cursors.mailbox, mailbox));
      return row ?? null;
    },

    sums: () => readSums(db),

    async refusals() {
      const rows = await db
        .select({ gate: mails.gate, reason: mails.reason, n: count() })
        .from(mails)
        .where(ne(mails.state, 'accepted'))
        .groupBy(mails.gate, mails.reason);
      return Object.fromEntries(rows.map(({ gate, reason, n }) => [`${gate}: ${reason}`, n]));
    },
  };
}

/** Statements that are made ahead, by what they insert. */
const prepared = new WeakMap<readonly MailRecord[], SQL>();

/** Makes the statement ahead that `addMails` sends for these very records. Returns them. */
export function prepareMails(db: Db, records: readonly MailRecord[]): readonly MailRecord[] {
  if (records.length > 0) prepared.set(records, insertOf(db, records));
  return records;
}

function insertOf(db: Db, records: readonly MailRecord[]): SQL {
  const rows = records.map((mail) => {
    const decisive = findDecisive(mail.gates);
    return { ...mail, gate: decisive?.gate ?? 'mime', reason: decisive?.reason ?? 'unread' };
  });
  const beside = { former_key: records.map(({ formerKey }) => formerKey ?? null) };
  return sql`${bulkInsert(db, mails, rows, { inOrderOf: mails.key, beside })}
    ${unlessFormer} on conflict do nothing returning id::text, key`;
}

/** Leaves out rows that are stored by their former key. */
const unlessFormer = sql`where not exists (
  select from ${mails} as former where former.key = row.former_key and former.subject = row.subject)`;

async function readSums(db: Db): Promise<AuditSums> {
  const byMail = await db
    .select({ state: mails.state, n: count(), carried: sql<number>`sum(${mails.alertCount})::int` })
    .from(mails)
    .groupBy(mails.state);
  const byAlert = await db.select({ state: alerts.state, n: count() }).from(alerts).groupBy(alerts.state);
  const byTicket = await db.select({ state: tickets.state, n: count() }).from(tickets).groupBy(tickets.state);
  return {
    mails: tally(mailStates, byMail),
    alerts: tally(alertStates, byAlert),
    alertsInMails: byMail.reduce((sum, row) => sum + row.carried, 0),
    tickets: Object.fromEntries(byTicket.map((row) => [row.state, row.n])),
  };
}

function tally<State extends string>(
  states: readonly State[],
  rows: readonly { state: State; n: number }[],
): Record<State, number> {
  const zeros = Object.fromEntries(states.map((state) => [state, 0])) as Record<State, number>;
  for (const row of rows) zeros[row.state] = row.n;
  return zeros;
}
