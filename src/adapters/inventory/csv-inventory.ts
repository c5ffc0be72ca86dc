import { readFile } from 'node:fs/promises';
import type { Device, Inventory } from '../../domain/device.ts';
import { RestageError } from '../../domain/errors.ts';
import { normalizeIdentifier } from '../../domain/identifier.ts';
import type { Log } from '../../domain/log.ts';
import { readDevices } from './read-devices.ts';

/**
 * The device location files (A12): a CSV with a header row (see `readDevices` for the columns), read once.
 * Rejects with `inventory-invalid`, naming file and line of every bad row.
 */
export async function createCsvInventory({
  file,
  log,
}: {
  readonly file: string;
  readonly log: Log;
}): Promise<Inventory> {
  const { devices, faults } = readDevices(await readInventoryFile(file));
  if (faults.length > 0) throw new RestageError('inventory-invalid', describeFaults(file, faults));
  const byIdentifier = new Map(
    devices.flatMap((device) => identifiersOf(device).map((id) => [id, device] as const)),
  );
  const strays = devices.filter(({ upstream }) => upstream !== null && !byIdentifier.has(upstream));
  if (strays.length > 0) {
    const examples = strays.slice(0, 5).map(({ name, upstream }) => `${name}: ${upstream}`);
    log.warn(
      { file, count: strays.length, examples },
      'devices name an upstream that the inventory does not have',
    );
  }
  log.info({ file, devices: devices.length }, 'inventory read');
  return {
    find: (identifier) => byIdentifier.get(normalizeIdentifier(identifier)) ?? null,
    all: () => devices,
  };
}

async function readInventoryFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const message = `The inventory ${file} can't be read: ${String(error)}. Correct inventory.csv in the config.`;
    throw new RestageError('inventory-invalid', message, { cause: error });
  }
}

function identifiersOf({ name, fqdn, ip, mac }: Device): readonly string[] {
  return [name, fqdn, ip, mac].filter((identifier) => identifier !== null);
}

function describeFaults(
  file: string,
  faults: readonly { readonly line: number; readonly message: string }[],
): string {
  const shown = faults.slice(0, 20).map(({ line, message }) => `${file}:${line} ${message}`);
  const more = faults.length > shown.length ? [`and ${faults.length - shown.length} more`] : [];
  return ['The inventory has faults:', ...shown, ...more].join('\n');
}
