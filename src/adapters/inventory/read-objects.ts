import type { DeviceRecord, RecordsResult } from './read-devices.ts';

/**
 * Reads records from JSON: a list of objects, or an object that has one as `devices`. Keys are what columns are
 * in CSV; the place of a record is its position, from 1. Never throws.
 */
export function readJson(json: string): RecordsResult {
  const data = parseJson(json);
  const list = isObject(data) && 'devices' in data ? data['devices'] : data;
  if (!Array.isArray(list)) {
    const message = 'is no JSON list of devices, such as [{"name": "int-38", "ip": "10.38.0.1"}]';
    return { records: [], faults: [{ place: 1, message }] };
  }
  return readObjects(list);
}

/** Rows of a database, or items of a JSON list, as records. */
export function readObjects(items: readonly unknown[]): RecordsResult {
  const places = items.map((item, index) => ({ item, place: index + 1 }));
  return {
    records: places.flatMap(({ item, place }) => (isObject(item) ? [toRecord(item, place)] : [])),
    faults: places
      .filter(({ item }) => !isObject(item))
      .map(({ place }) => ({ place, message: 'is no object with a name' })),
  };
}

function toRecord(item: Readonly<Record<string, unknown>>, place: number): DeviceRecord {
  return {
    place,
    cells: new Map(Object.entries(item).map(([key, value]) => [key.toLowerCase(), toCell(value)])),
  };
}

/** As the cell would stand in CSV: lists are separated by semicolons. */
function toCell(value: unknown): string {
  if (Array.isArray(value)) return value.map(toCell).join(';');
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
