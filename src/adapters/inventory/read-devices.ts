import { isIP } from 'node:net';
import type { Device } from '../../domain/device.ts';
import { normalizeIdentifier } from '../../domain/identifier.ts';

/** One device as its source wrote it: column → text; what is empty is not known. */
export interface DeviceRecord {
  /** Line in a file, or position in a list. */
  readonly place: number;
  readonly cells: ReadonlyMap<string, string>;
}

export interface InventoryFault {
  readonly place: number;
  readonly message: string;
}

export interface RecordsResult {
  readonly records: readonly DeviceRecord[];
  readonly faults: readonly InventoryFault[];
}

export interface DevicesResult {
  readonly devices: readonly Device[];
  readonly faults: readonly InventoryFault[];
}

/** What a record may say; `groups` are separated by semicolons, commas or spaces. */
export const columns = [
  'name',
  'fqdn',
  'ip',
  'mac',
  'region',
  'site',
  'building',
  'room',
  'upstream',
  'groups',
] as const;
type Column = (typeof columns)[number];

/**
 * The devices that records describe (A12). Columns that are none of ours are ignored, empty fields become null.
 * Never throws; without faults no two devices share a name, fqdn, IP or MAC.
 */
export function readDevices({ records, faults }: RecordsResult): DevicesResult {
  const read = records.map(readDevice);
  const devices = read.flatMap(({ device }) => (device === null ? [] : [device]));
  const found = [...faults, ...read.flatMap((record) => record.faults), ...findDuplicates(read)];
  return { devices, faults: found.toSorted((a, b) => a.place - b.place) };
}

interface ReadDevice {
  readonly place: number;
  readonly device: Device | null;
  readonly faults: readonly InventoryFault[];
}

function readDevice({ place, cells }: DeviceRecord): ReadDevice {
  const fault = (message: string): ReadDevice => ({ place, device: null, faults: [{ place, message }] });
  const cellOf = (column: Column) => cells.get(column) || null;
  const identifierOf = (column: Column) => normalize(cellOf(column));
  const [name, ip, mac] = [identifierOf('name'), identifierOf('ip'), identifierOf('mac')];
  if (name === null || !/^[a-z0-9][a-z0-9._-]*$/.test(name))
    return fault(`"${name ?? ''}" is no name of a device`);
  if (ip !== null && isIP(ip) === 0) return fault(`"${ip}" is no IP address`);
  if (mac !== null && !/^(..:){5}..$/.test(mac)) return fault(`"${mac}" is no MAC address`);
  const device = {
    name,
    fqdn: identifierOf('fqdn'),
    ip,
    mac,
    region: cellOf('region'),
    site: cellOf('site'),
    building: cellOf('building'),
    room: cellOf('room'),
    upstream: identifierOf('upstream'),
    groups: splitGroups(cellOf('groups')),
  };
  return { place, device, faults: [] };
}

function splitGroups(cell: string | null): readonly string[] {
  const names = (cell ?? '').toLowerCase().split(/[\s,;]+/);
  return [...new Set(names.filter((name) => name !== ''))];
}

function normalize(cell: string | null): string | null {
  return cell === null ? null : normalizeIdentifier(cell);
}

function findDuplicates(rows: readonly ReadDevice[]): readonly InventoryFault[] {
  const seen = new Map<string, number>();
  return rows.flatMap(({ place, device }) => {
    const identifiers = new Set(
      [device?.name, device?.fqdn, device?.ip, device?.mac].filter((id) => typeof id === 'string'),
    );
    return [...identifiers].flatMap((identifier) => {
      const first = seen.get(identifier);
      seen.set(identifier, first ?? place);
      return first === undefined ? [] : [{ place, message: `${identifier} stands already in line ${first}` }];
    });
  });
}
