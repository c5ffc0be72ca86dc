import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import postgres from 'postgres';
import { beforeAll, expect, test } from 'vitest';
import { sqlInventory, textInventory } from '../../src/adapters/inventory/inventory-source.ts';
import { createOutageFeed } from '../../src/adapters/outages/outage-feed.ts';
import { queryRows } from '../../src/adapters/sql/query-rows.ts';
import { createTextReader } from '../../src/adapters/text/text-reader.ts';
import { createBlankPostgresUrl } from '../support/databases.ts';

let url: string;
beforeAll(async () => {
  url = await createBlankPostgresUrl();
  const sql = postgres(url, { max: 1 });
  await sql`create table devices (host text, addr inet, floor int, above text)`;
  await sql`insert into devices values ('INT-58', '10.58.0.1', 7, 'int-38'), ('int-38', null, null, null)`;
  await sql.end();
});

const ask = (text: string, databaseUrl = () => url) =>
  queryRows({ databaseUrl, text, configuredIn: 'inventory.sql' });

const query =
  'select host as name, host(addr) as ip, floor as room, above as upstream from devices order by lower(host)';

test('A12: the devices are the rows of a query', async () => {
  const devices = await sqlInventory(ask(query)).read();
  expect(devices?.map(({ name, ip, room, upstream }) => [name, ip, room, upstream])).toEqual([
    ['int-38', null, null, null],
    ['int-58', '10.58.0.1', '7', 'int-38'],
  ]);
});

test('A12: a query can only read', async () => {
  await expect(sqlInventory(ask('delete from devices')).read()).rejects.toMatchObject({
    code: 'source-unreadable',
    message: expect.stringContaining('read-only transaction'),
  });
});

test.each([
  ['a query that is wrong', () => url, 'select nothing from nowhere', 'source-unreadable', /nowhere/],
  ['rows without a name', () => url, 'select host from devices', 'inventory-invalid', /row 1 "" is no name/],
  [
    'a database that is not there',
    () => 'postgres://u:secretpw@127.0.0.1:9/d',
    query,
    'source-unreadable',
    /ECONNREFUSED/,
  ],
])('A12: %s says so, without the password', async (_case, where, text, code, message) => {
  const failure = sqlInventory(ask(text, where)).read();
  await expect(failure).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  await expect(failure).rejects.not.toThrow(/secretpw/);
});

test('A10: outages are the rows of a query: times with an offset, or in the site’s zone', async () => {
  const rows = ask(`select * from (values
    ('w1', 'server:int-38', timestamptz '2026-11-20 22:00+00', timestamp '2026-11-21 02:00', 'disk swap'),
    ('w2', 'int-58', timestamptz '2026-11-20 23:30+05:30', timestamp '2026-11-20 20:00', null)
  ) as plan (id, target, "from", until, reason)`);
  const feed = createOutageFeed({
    name: 'change calendar',
    origin: { type: 'sql', rows },
    everyMs: 1000,
    timeZone: 'Europe/Berlin',
    readCalendar: () => [],
  });
  expect(await feed.read(new Date('2026-11-20T12:00:00Z'))).toMatchObject([
    {
      uid: 'w1',
      targets: ['server:int-38'],
      from: new Date('2026-11-20T22:00:00Z'),
      until: new Date('2026-11-21T01:00:00Z'),
      reason: 'disk swap',
    },
    { uid: 'w2', from: new Date('2026-11-20T18:00:00Z'), until: new Date('2026-11-20T19:00:00Z') },
  ]);
});

test('A12: the devices come from a URL, as CSV or as JSON, with the token', async () => {
  let body = 'name,upstream\nint-58,int-38\n';
  const web = createServer((request, response) => {
    response.writeHead(request.headers.authorization === 'Bearer sesame' ? 200 : 401).end(body);
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const place = { url: `http://127.0.0.1:${(web.address() as AddressInfo).port}/d`, bearer: () => 'sesame' };
  const source = textInventory(place, createTextReader());
  expect(await source.read()).toMatchObject([{ name: 'int-58', upstream: 'int-38' }]);
  body = '[{"name": "int-60"}]';
  expect(await source.read()).toMatchObject([{ name: 'int-60' }]);
  const stranger = textInventory({ ...place, bearer: null }, createTextReader());
  await expect(stranger.read()).rejects.toThrow(/status 401/);
  web.close();
});
