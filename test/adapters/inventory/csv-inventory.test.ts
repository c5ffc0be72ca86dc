import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCsvInventory } from '../../../src/adapters/inventory/csv-inventory.ts';
import { silentLog } from '../../support/silent-log.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'restage-inventory-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function load(csv: string) {
  const file = join(folder, 'inventory.csv');
  await writeFile(file, csv);
  return createCsvInventory({ file, log: silentLog });
}

const csv = `name,fqdn,ip,mac,region,site,building,room,upstream
INT-38,int-38.eu.example.net,10.0.0.38,AA-BB-CC-00-11-22,eu,Berlin,B3,"201, left",master
c-1,,2001:DB8::0001,,,,,,int-38
`;

describe('a device is found', () => {
  test.each([
    'int-38',
    'INT-38',
    'int-38.EU.example.net',
    '10.0.0.38',
    'aa:bb:cc:00:11:22',
    'AABB.CC00.1122',
  ])('by %s', async (identifier) => {
    const inventory = await load(csv);
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
    });
  });

  test('by any spelling of its IPv6 address', async () => {
    const inventory = await load(csv);
    expect(inventory.find('2001:db8:0:0:0:0:0:1')?.name).toBe('c-1');
    expect(inventory.find('int-39')).toBeNull();
    expect(inventory.all()).toHaveLength(2);
  });
});

test('the header decides the order; other columns, blank lines and a byte order mark do no harm', async () => {
  const inventory = await load('\uFEFFRoom,owner,Name\r\n\r\n12,"Jane ""J"" Doe",int-1\r\n');
  expect(inventory.find('int-1')).toMatchObject({ room: '12', ip: null, upstream: null });
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
])('%s is refused', async (_case, text, message) => {
  await expect(load(text)).rejects.toMatchObject({
    code: 'inventory-invalid',
    message: expect.stringMatching(message),
  });
});

test('a file that is not there is refused, saying which', async () => {
  const file = join(folder, 'missing.csv');
  await expect(createCsvInventory({ file, log: silentLog })).rejects.toMatchObject({
    code: 'inventory-invalid',
    message: expect.stringContaining(file),
  });
});
