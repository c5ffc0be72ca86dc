import type { Database } from '../../src/adapters/postgres/database.ts';

/** What the live tickets are about, with how many alerts, as one line each. */
export async function liveProblems(database: Database): Promise<readonly string[]> {
  const { rows } = await database.executeSql(
    `select t.subject, t.failure, t.alert_count, (select count(*)::int from alerts a where a.ticket_id = t.id) as held
     from tickets t where t.state in ('candidate', 'held', 'open', 'acknowledged', 'repaired')`,
    [],
  );
  return rows
    .map((row) => ['subject', 'failure', 'alert_count', 'held'].map((column) => String(row[column])))
    .map(([subject, failure, count, held]) => `${subject} ${failure} ${count}/${held}`)
    .toSorted();
}

/** Forgets every mail, alert, ticket and message; the schema stays. */
export async function emptyTables(database: Database): Promise<void> {
  await database.executeSql(
    'truncate mails, alerts, alert_scopes, tickets, ticket_facts, deliveries, failed_jobs cascade',
  );
}
