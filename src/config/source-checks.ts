import type { CrossFault } from './faults.ts';
import { at, isSection, itemsAt } from './raw-data.ts';
import { defaultName } from './schema-sources.ts';

/** Sources that say twice, or not at all, where they are. Works on the raw data, as `crossCheck` does. */
export function checkSources(raw: unknown): readonly CrossFault[] {
  return [...checkInventory(raw), ...checkOutages(raw)];
}

function checkInventory(raw: unknown): readonly CrossFault[] {
  const named = ['csv', 'json', 'url', 'sql'].filter((key) => isSet(at(raw, ['inventory', key])));
  return named.slice(1).map((key) => ({
    path: ['inventory', key],
    message: `stands beside inventory.${named[0]}`,
    hint: 'The devices come from one source: keep one of csv, json, url and sql.',
  }));
}

function checkOutages(raw: unknown): readonly CrossFault[] {
  const sources = itemsAt(raw, ['outages', 'sources']).filter(({ value }) => isSection(value));
  const seen = new Set<string>();
  return sources.flatMap(({ path, value }): CrossFault[] => {
    const faults: CrossFault[] = [];
    const isQuery = at(value, ['type']) === 'sql';
    const places = ['file', 'url', 'query'].filter((key) => isSet(at(value, [key])));
    if (places.length !== 1 || places.includes('query') !== isQuery) {
      const hint = isQuery ? 'Write query: SELECT … alone.' : 'Write either file: PATH or url: URL.';
      faults.push({ path, message: 'is not in one place', hint });
    }
    const name = nameOf(value);
    if (name !== '' && seen.has(name)) {
      const message = `is called ${name}, as another source is`;
      faults.push({ path, message, hint: 'Give each of them a name of its own: name: NAME.' });
    }
    seen.add(name);
    return faults;
  });
}

function nameOf(source: unknown): string {
  const [name, file, url, query] = ['name', 'file', 'url', 'query'].map((key) => textAt(source, key));
  return name ?? defaultName({ file: file ?? null, url: url ?? null, query: query ?? null });
}

function textAt(source: unknown, key: string): string | null {
  const value = at(source, [key]);
  return typeof value === 'string' ? value.trim() : null;
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}
