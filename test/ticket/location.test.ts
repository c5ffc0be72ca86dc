import { expect, test } from 'vitest';
import type { Device } from '../../src/domain/device.ts';
import { verifyLocation } from '../../src/ticket/location.ts';

const device = (building: string | null, room: string | null): Device => ({
  name: 'int-38',
  fqdn: null,
  ip: null,
  mac: null,
  region: 'eu',
  site: 'Berlin',
  building,
  room,
  upstream: null,
  groups: [],
});
const said = (building: string | null, room: string | null) => ({ building, room });

test.each([
  ['both agree', said('B3', '201'), device('B3', '201'), said('B3', '201'), []],
  ['capitals make no difference', said(' b3', '201'), device('B3', '201'), said('B3', '201'), []],
  [
    'the inventory wins',
    said('B2', '114'),
    device('B3', '201'),
    said('B3', '201'),
    ['mail said B2/114, inventory says B3/201'],
  ],
  [
    'another room',
    said('B3', '114'),
    device('B3', '201'),
    said('B3', '201'),
    ['mail said B3/114, inventory says B3/201'],
  ],
  [
    'only a room in the mail',
    said(null, '114'),
    device('B3', '201'),
    said('B3', '201'),
    ['mail said room 114, inventory says B3/201'],
  ],
  ['the mail says nothing', said(null, null), device('B3', '201'), said('B3', '201'), []],
  ['the inventory knows no place', said('B2', '114'), device(null, null), said('B2', '114'), []],
  ['the mail completes the inventory', said('B3', '201'), device('B3', null), said('B3', '201'), []],
  [
    'a room of the wrong building is dropped',
    said('B2', '114'),
    device('B3', null),
    said('B3', null),
    ['mail said B2/114, inventory says B3'],
  ],
])('%s', (_case, mailSays, known, place, corrections) => {
  expect(verifyLocation(mailSays, known)).toEqual({ site: 'Berlin', ...place, known: true, corrections });
});

test('for a device that the inventory does not know the mail is believed', () => {
  const verified = verifyLocation(said('B2', '114'), null);
  expect(verified).toEqual({ site: null, building: 'B2', room: '114', known: false, corrections: [] });
});

test.each([
  ['the same IP', '10.58.0.1', []],
  ['another IP', '10.99.9.9', ['mail said 10.99.9.9, inventory says 10.58.0.1']],
  ['the same MAC, spelled otherwise', 'AA-BB-CC-00-11-22', []],
  ['another MAC', 'aabb.cc00.1123', ['mail said aa:bb:cc:00:11:23, inventory says aa:bb:cc:00:11:22']],
  ['none', null, []],
])('A12: the address is held against the inventory too: %s', (_case, address, corrections) => {
  const known = { ...device('B3', '201'), ip: '10.58.0.1', mac: 'aa:bb:cc:00:11:22' };
  expect(verifyLocation({ ...said('B3', '201'), address }, known).corrections).toEqual(corrections);
});

test('A12: an address that the inventory does not know contradicts nothing', () => {
  expect(
    verifyLocation({ ...said(null, null), address: '10.99.9.9' }, device(null, null)).corrections,
  ).toEqual([]);
});
