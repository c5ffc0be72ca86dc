import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readCsv } from '../../src/adapters/inventory/read-csv.ts';
import { readDevices } from '../../src/adapters/inventory/read-devices.ts';
import { digestOf } from '../../src/adapters/mime/mail-key.ts';
import { openMail, readMime } from './mime-reader.ts';
import { compileFormats } from '../../src/alert/formats.ts';
import { shippedFormats } from '../../src/alert/shipped-formats.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { inventoryOf } from './inventory-of.ts';

const dayMs = 86_400_000;
const at = (name: string) => path.join(import.meta.dirname, '../../manifests', name);

/** The devices of manifests/example-net-inventory.csv, and what is wrong with it. */
export function readExampleNetDevices() {
  return readDevices(readCsv(readFileSync(at('example-net-inventory.csv'), 'utf8')));
}

/** manifests/example-net.yaml, and what it takes to read mail as it says. */
export function loadExampleNet() {
  const { config } = loadConfig(
    at('example-net.yaml'),
    {},
    { shippedFormatNames: Object.keys(shippedFormats) },
  );
  const formats = config.formats.flatMap((format) =>
    typeof format === 'string' ? (shippedFormats[format] ?? []) : format,
  );
  const { validation, routing } = config;
  return {
    config,
    deps: {
      openMail,
      readMime,
      searchApart: () => Promise.resolve(null),
      digestOf,
      inventory: inventoryOf(...readExampleNetDevices().devices),
      policies: { validation, routing, formats: compileFormats(formats, config.failures), latenessMs: dayMs },
    },
  };
}
