import type { CrossFault } from './faults.ts';
import { isSection, itemsAt } from './raw-data.ts';

/** An entry of `sourceZones` says whose clocks it is about (A6); all other clocks are in `timeZone`. */
export function checkSourceZones(raw: unknown): readonly CrossFault[] {
  const keys = ['domain', 'region', 'server'];
  return itemsAt(raw, ['sourceZones'])
    .filter(({ value }) => isSection(value) && keys.every((key) => value[key] === undefined))
    .map(({ path }) => ({
      path,
      message: 'names no source',
      hint: 'Give it a domain, a region or a server; timeZone above is for the whole site.',
    }));
}
