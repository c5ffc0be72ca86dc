import type { Device } from '../../domain/device.ts';
import { RestageError } from '../../domain/errors.ts';
import type { RowSource } from '../../domain/row-source.ts';
import type { TextPlace, TextReader } from '../../domain/text-source.ts';
import { spellPlace } from '../../domain/text-source.ts';
import { readCsv } from './read-csv.ts';
import type { InventoryFault, RecordsResult } from './read-devices.ts';
import { readDevices } from './read-devices.ts';
import { readJson, readObjects } from './read-objects.ts';

/** Where devices come from. Errors are `RestageError`s: `source-unreadable`, or `inventory-invalid` with every fault. */
export interface InventorySource {
  /** As people may see it. */
  readonly name: string;
  /** All devices; null when nothing has changed since the last call that answered some. */
  read(): Promise<readonly Device[] | null>;
}

const faultsShown = 20;

/** A CSV or JSON file, or a URL that answers either; which of both it is shows in its first character. */
export function textInventory(place: TextPlace, reader: TextReader): InventorySource {
  const name = spellPlace(place);
  let lastStamp: string | null = null;
  return {
    name,
    async read() {
      // Before the text: what is written meanwhile is seen the next time.
      const stamp = await reader.stamp(place);
      if (stamp !== null && stamp === lastStamp) return null;
      lastStamp = null;
      const text = await reader.read(place);
      const isJson = /^\uFEFF?\s*[[{]/.test(text);
      const devices = isJson
        ? accept(readJson(text), (fault) => `${name}: device ${fault.place} ${fault.message}`)
        : accept(readCsv(text), (fault) => `${name}:${fault.place} ${fault.message}`);
      lastStamp = stamp;
      return devices;
    },
  };
}

/** The rows of a query; what CSV calls columns they call columns too. */
export function sqlInventory(rows: RowSource): InventorySource {
  return {
    name: 'the query in inventory.sql',
    read: async () => accept(readObjects(await rows()), (fault) => `row ${fault.place} ${fault.message}`),
  };
}

function accept(records: RecordsResult, spell: (fault: InventoryFault) => string): readonly Device[] {
  const { devices, faults } = readDevices(records);
  if (faults.length === 0) return devices;
  const shown = faults.slice(0, faultsShown).map(spell);
  const more = faults.length > shown.length ? [`and ${faults.length - shown.length} more`] : [];
  throw new RestageError('inventory-invalid', ['The inventory has faults:', ...shown, ...more].join('\n'));
}
