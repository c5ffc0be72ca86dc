import postgres from 'postgres';
import { openPostgres } from '../adapters/postgres/database.ts';

/**
 * Fills an empty database with so many alerts of the past 200 days, each with its mail: nine of ten have expired, the
 * others belong to closed tickets or, within the last days, still count.
 */
export async function storeAlerts(
  url: string,
  count: number,
): Promise<{ readonly mails: number; readonly tickets: number }> {
  const tickets = Math.max(1, Math.ceil(count / 500));
  await (await openPostgres(url)).close();
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(ticketsSql(tickets));
    await sql.unsafe(mailsSql(count));
    await sql.unsafe(alertsSql(tickets));
    await sql.unsafe(messagesSql);
    await sql.unsafe('vacuum analyze');
    return { mails: count, tickets };
  } finally {
    await sql.end();
  }
}

const age = `now() - interval '200 days' * random()`;

function ticketsSql(count: number): string {
  return `
    insert into tickets
      (counter, failure, subject, device, state, reason, region, alert_count, first_at, last_at, announced, opened_at)
    select 'connection|device:client-' || n, 'connection', 'client-' || n, 'client-' || n, 'resolved', 'resolved', 'eu',
      40, at, at, 'connection timed out', at
    from (select n, ${age} as at from generate_series(1, ${count}) n) as one`;
}

/** Each ticket's message, as it was posted and last edited. */
const messagesSql = `
  insert into deliveries
    (id, kind, subject_id, channel, state, wanted, sent, due_at, created_at, posted_channel, ts)
  select 'stored-' || id, 'ticket', id, 'maint-eu', 'sent', 3, 3, first_at, first_at, 'C0EU', extract(epoch from first_at)
  from tickets`;

function mailsSql(count: number): string {
  return `
    insert into mails
      (key, via, received_at, from_address, subject, state, format, gate, reason, gates, alert_count, source)
    select 'stored-' || n || '@int-38.example.net', 'imap:alerts', ${age}, 'restage@int-38.example.net',
      '[dist] FAILED', 'accepted', 'plain', 'node', 'node-listed', '[]', 1, '\\x'
    from generate_series(1, ${count}) n`;
}

/** One of fifty counts still, in the counters of devices that report in the measured mails too. */
function alertsSql(tickets: number): string {
  return `
    insert into alerts
      (mail_id, ordinal, region, device, domain, package, failure, announced, distribution_server, job, attempt,
       building, at, counter, rule_id, state, reason, ticket_id, device_name, in_region, in_building, own_root)
    select id, 0, (array['eu', 'apac', 'us-west'])[1 + id % 3], device, 'example.net', 'geo-db',
      (array['connection', 'package', 'access'])[1 + id % 3], 'connection timed out', 'int-' || id % 40,
      'J-' || id % 1000, 1, 'B' || id % 30,
      case kind when 'counted' then now() - interval '1 day' - interval '2 days' * random() else received_at end,
      'connection|device:' || device, 'thresholds[0]', kind,
      case kind when 'counted' then 'below-threshold' when 'ticketed' then 'ticket-is-open' else 'window-passed' end,
      case kind when 'ticketed' then 1 + id % ${tickets} end,
      device, (array['eu', 'apac', 'us-west'])[1 + id % 3], 'b' || id % 30, device
    from (
      select id, received_at, 'client-' || id % 10000 as device,
        case when id % 10 = 0 then 'ticketed' when id % 50 = 1 then 'counted' else 'expired' end as kind
      from mails
    ) as mail`;
}
