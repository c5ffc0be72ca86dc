import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textInventory } from '../../../src/adapters/inventory/inventory-source.ts';
import { createTextReader } from '../../../src/adapters/text/text-reader.ts';
import { indexInventory } from '../../../src/domain/inventory-index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'restage-inventory-'));
});
afterAll(() => rm(folder, { recursive: true }));

const reader = createTextReader();

async function load(text: string) {
  const file = join(folder, 'inventory.csv');
  await writeFile(file, text);
  return indexInventory((await textInventory({ file }, reader).read()) ?? []);
}

const csv = `name,fqdn,ip,mac,region,site,building,room,upstream,groups
INT-38,int-38.eu.example.net,10.0.0.38,AA-BB-CC-00-11-22,eu,Berlin,B3,"201, left",master,Core; intermediate core
c-1,,2001:DB8::0001,,,,,,int-38,
`;
const json = JSON.stringify([
  {
    name: 'INT-38',
    FQDN: 'int-38.eu.example.net',
    ip: '10.0.0.38',
    mac: 'AA-BB-CC-00-11-22',
    region: 'eu',
    site: 'Berlin',
    building: 'B3',
    room: '201, left',
    upstream: 'master',
    groups: ['core', 'intermediate'],
    owner: { name: 'Ana' },
  },
  { name: 'c-1', ip: '2001:DB8::0001', upstream: 'int-38', room: null },
]);

describe.each([
  ['CSV', csv],
  ['JSON', json],
  ['JSON with a key "devices"', `{"devices": ${json}}`],
])('A12: from %s a device is found', (_format, text) => {
  test.each([
    'int-38',
    'INT-38',
    'int-38.EU.example.net',
    '10.0.0.38',
    'aa:bb:cc:00:11:22',
    'AABB.CC00.1122',
  ])('by %s', async (identifier) => {
    const inventory = await load(text);
    expect(inventory.find(identifier)).toEqual({
      name: 'int-38',
      fqdn: 'int-38.eu.example.net',
      ip: '10.0.0.38',
      mac: 'aa:bb:cc:00:11:22',
      region: 'eu',
      site: 'Berlin',
      building: 'B3',
      room: '201, left',
      upstream: 'master',
      groups: ['core', 'intermediate'],
    });
  });

  test('by any spelling of its IPv6 address', async () => {
    const inventory = await load(text);
    expect(inventory.find('2001:db8:0:0:0:0:0:1')?.name).toBe('c-1');
    expect(inventory.find('int-39')).toBeNull();
    expect(inventory.all()).toHaveLength(2);
  });
});

test('the header decides the order; other columns, blank lines and a byte order mark do no harm', async () => {
  const inventory = await load('\uFEFFRoom,owner,Name\r\n\r\n12,"Jane ""J"" Doe",int-1\r\n');
  expect(inventory.find('int-1')).toMatchObject({ room: '12', ip: null, upstream: null, groups: [] });
});

test('every bad row is named with its line', async () => {
  const bad = `name,ip,mac
int-1,10.0.0.1,
int-2,10.0.0.300,
int 3,,
int-4,,aa:bb
int-5,,,extra
INT-1,,
int-6,10.0.0.1,
`;
  const file = join(folder, 'inventory.csv');
  await expect(load(bad)).rejects.toMatchObject({
    code: 'inventory-invalid',
    message: [
      'The inventory has faults:',
      `${file}:3 "10.0.0.300" is no IP address`,
      `${file}:4 "int 3" is no name of a device`,
      `${file}:5 "aa:bb" is no MAC address`,
      `${file}:6 has 4 fields, the header has 3`,
      `${file}:7 int-1 stands already in line 2`,
      `${file}:8 10.0.0.1 stands already in line 2`,
    ].join('\n'),
  });
});

test.each([
  ['an empty file', '', /inventory.csv:1 has no header row/],
  ['a header without names', 'ip,mac\n', /inventory.csv:1 has no header row with a column "name"/],
  ['an open quote', 'name\n"int-1\n', /is no valid CSV/],
  ['half of a JSON file', json.slice(0, 60), /device 1 is no JSON list of devices/],
  [
    'a bad item',
    '[{"name": "int-1"}, {"name": "int 3"}, 7]',
    /device 2 "int 3" is no name.*\n.*device 3 is no/,
  ],
])('%s is refused', async (_case, text, message) => {
  await expect(load(text)).rejects.toMatchObject({
    code: 'inventory-invalid',
    message: expect.stringMatching(message),
  });
});

test('a file that is not there is refused, saying which', async () => {
  const file = join(folder, 'missing.csv');
  await expect(textInventory({ file }, reader).read()).rejects.toMatchObject({
    code: 'source-unreadable',
    message: expect.stringContaining(file),
  });
});

test('A12: a file is read again when its size or time has changed, and else not', async () => {
  const file = join(folder, 'watched.csv');
  await writeFile(file, 'name\nint-1\n');
  const source = textInventory({ file }, reader);
  expect(await source.read()).toHaveLength(1);
  expect(await source.read()).toBeNull();
  await writeFile(file, 'name\nint-1\nint-2\n');
  expect(await source.read()).toHaveLength(2);
  await utimes(file, new Date(), new Date(Date.now() + 5000));
  expect(await source.read()).toHaveLength(2);
  expect(await source.read()).toBeNull();
});
