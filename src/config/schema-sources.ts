import { basename } from 'node:path';
import { z } from 'zod';
import { outageSourceTypes, type InventoryConfig, type OutageSource } from './config.ts';
import { duration, field, oneOf, readableFile, text } from './fields.ts';

const fileEveryMs = 10_000;
const remoteEveryMs = 300_000;

const every = (example: string) => duration(example, { min: '1s', max: '7d' }).nullable().default(null);

/** Whoever knows the address of a calendar may read it: it is a secret, and stays out of what is printed. */
const webUrl = field({ must: 'an http(s) URL', example: 'https://cmdb.example.net/devices' }, (value) =>
  typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value) ? value : null,
);

/** Where the devices are listed (A12); files are looked at often, everything else every few minutes. */
export function createInventorySchema(resolvePath: (path: string) => string) {
  const file = (example: string) => readableFile(resolvePath, example).nullable().default(null);
  return z
    .strictObject({
      csv: file('inventory.csv'),
      json: file('inventory.json'),
      url: webUrl.nullable().default(null),
      sql: text('a query', 'select name, ip, upstream from devices').nullable().default(null),
      every: every('5m'),
    })
    .prefault({})
    .transform(({ every: everyMs, ...source }): InventoryConfig => {
      const isFile = source.csv !== null || source.json !== null;
      return { ...source, everyMs: everyMs ?? (isFile ? fileEveryMs : remoteEveryMs) };
    });
}

/** What announces outages (A10). A file need not be there yet: that is a fault of the source, not of the config. */
export function createOutagesSchema(resolvePath: (path: string) => string) {
  const source = z
    .strictObject({
      name: text('a name', 'maintenance calendar').nullable().default(null),
      type: oneOf(outageSourceTypes, 'ical'),
      file: text('a path', 'maintenance.ics').transform(resolvePath).nullable().default(null),
      url: webUrl.nullable().default(null),
      query: text('a query', 'select target, "from", until from outages').nullable().default(null),
      every: duration('5m', { min: '1s', max: '7d' }).default(remoteEveryMs),
    })
    .transform(({ every: everyMs, ...rest }): OutageSource => {
      return { ...rest, everyMs, name: rest.name ?? defaultName(rest) };
    });
  return z.strictObject({ sources: z.array(source).default([]) }).prefault({});
}

/** What a source is called that has no name of its own: by its file, or the host of its URL. */
export function defaultName({ file, url, query }: Pick<OutageSource, 'file' | 'url' | 'query'>): string {
  if (file !== null) return basename(file);
  if (query !== null) return 'outages by query';
  return url !== null && URL.canParse(url) ? new URL(url).host : '';
}
