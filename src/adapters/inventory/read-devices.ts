import { isIP } from 'node:net';
import { CsvError, parse } from 'csv-parse/sync';
import type { Device } from '../../domain/device.ts';
import { normalizeIdentifier } from '../../domain/identifier.ts';

export interface InventoryFault {
  readonly line: number;
  readonly message: string;
}

export interface DevicesResult {
  readonly devices: readonly Device[];
  readonly faults: readonly InventoryFault[];
}

const columns = ['name', 'fqdn', 'ip', 'mac', 'region', 'site', 'building', 'room', 'upstream'] as const;
type Column = (typeof columns)[number];

/**
 * Reads the devices from CSV (RFC 4180). The header row says which column is where: name, fqdn, ip, mac, region,
 * site, building, room, upstream; only `name` must be there, others are ignored. Empty fields become null.
 * Never throws; without faults no two devices share a name, fqdn, IP or MAC.
 */
export function readDevices(csv: string): DevicesResult {
  const { rows, faults } = readRows(csv);
  const [header, ...body] = rows;
  if (header === undefined) return { devices: [], faults: faults.length > 0 ? faults : [noHeader(1)] };
  const names = header.cells.map((cell) => cell.toLowerCase());
  if (!names.includes('name')) return { devices: [], faults: [...faults, noHeader(header.line)] };
  const read = body.map(({ line, cells }) => readDevice(line, cells, names));
  const devices = read.flatMap(({ device }) => (device === null ? [] : [device]));
  const found = [...faults, ...read.flatMap((row) => row.faults), ...findDuplicates(read)];
  return { devices, faults: found.toSorted((a, b) => a.line - b.line) };
}

interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

function readRows(csv: string): {
  readonly rows: readonly CsvRow[];
  readonly faults: readonly InventoryFault[];
} {
  const rows: CsvRow[] = [];
  try {
    parse(csv, {
      bom: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n'],
      onRecord: (cells: string[], { lines }) => {
        rows.push({ line: lines, cells });
        return null;
      },
    });
    return { rows, faults: [] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return {
      rows,
      faults: [{ line: Number(error['lines'] ?? 1), message: `is no valid CSV: ${error.message}` }],
    };
  }
}

interface ReadDevice {
  readonly line: number;
  readonly device: Device | null;
  readonly faults: readonly InventoryFault[];
}

function readDevice(line: number, cells: readonly string[], names: readonly string[]): ReadDevice {
  const fault = (message: string): ReadDevice => ({ line, device: null, faults: [{ line, message }] });
  if (cells.length !== names.length)
    return fault(`has ${cells.length} fields, the header has ${names.length}`);
  const cellOf = (column: Column) => cells[names.indexOf(column)] || null;
  const identifierOf = (column: Column) => normalize(cellOf(column));
  const [name, ip, mac] = [identifierOf('name'), identifierOf('ip'), identifierOf('mac')];
  if (name === null || !/^[a-z0-9][a-z0-9._-]*$/.test(name))
    return fault(`"${name ?? ''}" is no name of a device`);
  if (ip !== null && isIP(ip) === 0) return fault(`"${ip}" is no IP address`);
  if (mac !== null && !/^(..:){5}..$/.test(mac)) return fault(`"${mac}" is no MAC address`);
  const place = { site: cellOf('site'), building: cellOf('building'), room: cellOf('room') };
  const device = {
    name,
    fqdn: identifierOf('fqdn'),
    ip,
    mac,
    region: cellOf('region'),
    ...place,
    upstream: identifierOf('upstream'),
  };
  return { line, device, faults: [] };
}

function normalize(cell: string | null): string | null {
  return cell === null ? null : normalizeIdentifier(cell);
}

function findDuplicates(rows: readonly ReadDevice[]): readonly InventoryFault[] {
  const seen = new Map<string, number>();
  return rows.flatMap(({ line, device }) => {
    const identifiers = new Set(
      [device?.name, device?.fqdn, device?.ip, device?.mac].filter((id) => typeof id === 'string'),
    );
    return [...identifiers].flatMap((identifier) => {
      const first = seen.get(identifier);
      seen.set(identifier, first ?? line);
      return first === undefined ? [] : [{ line, message: `${identifier} stands already in line ${first}` }];
    });
  });
}

function noHeader(line: number): InventoryFault {
  return { line, message: `has no header row with a column "name" (columns: ${columns.join(', ')})` };
}
