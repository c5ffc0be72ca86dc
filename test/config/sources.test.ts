import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/faults.ts';
import { parseConfig } from '../../src/config/load-config.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'restage-sources-'));
  writeFileSync(join(folder, 'inventory.csv'), 'name\n');
  writeFileSync(join(folder, 'inventory.json'), '[]');
});
afterAll(() => rmSync(folder, { recursive: true }));

const parse = (text: string, env = {}) =>
  parseConfig(text, join(folder, 'restage.yaml'), env, { shippedFormatNames: [] });
const faultsOf = (text: string, env = {}) => {
  try {
    parse(text, env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ key, message }) => `${key} ${message}`);
  }
};

describe('A12: where the devices are listed', () => {
  test.each([
    ['{}', { csv: null, json: null, url: null, sql: null }, 300_000],
    ['{ csv: inventory.csv }', { json: null }, 10_000],
    ['{ json: inventory.json, every: 1m }', { csv: null }, 60_000],
    ['{ url: "https://cmdb.example.net/d" }', { url: 'https://cmdb.example.net/d' }, 300_000],
    ['{ sql: select 1, every: 1h }', { sql: 'select 1' }, 3_600_000],
  ])('%s', (section, expected, everyMs) => {
    expect(parse(`inventory: ${section}`).config.inventory).toMatchObject({ ...expected, everyMs });
  });

  test.each([
    ['{ csv: inventory.csv, url: "https://a.example.net/" }', ['inventory.url stands beside inventory.csv']],
    [
      '{ csv: missing.csv }',
      [expect.stringContaining('inventory.csv must be the path of a file that exists')],
    ],
    ['{ url: "ftp://a.example.net/" }', [expect.stringContaining('inventory.url must be an http(s) URL')]],
    ['{ url: "file:///etc/passwd" }', [expect.stringContaining('inventory.url must be an http(s) URL')]],
  ])('%s is refused', (section, expected) => {
    expect(faultsOf(`inventory: ${section}`)).toEqual(expected);
  });

  test('its secrets come from the environment', () => {
    const env = { RESTAGE_INVENTORY_TOKEN: 'sesame', RESTAGE_INVENTORY_DATABASE_URL: 'postgres://u:pw@h/d' };
    const { secrets } = parse('', env);
    expect(secrets.inventoryToken?.reveal()).toBe('sesame');
    expect(secrets.inventoryDatabaseUrl?.reveal()).toBe('postgres://u:pw@h/d');
    expect(faultsOf('', { RESTAGE_INVENTORY_DATABASE_URL: 'mysql://u:pw@h/d' })).toEqual([
      'RESTAGE_INVENTORY_DATABASE_URL does not look right',
    ]);
  });
});

describe('A10: what announces outages', () => {
  const source = (text: string) => `outages: { sources: [${text}] }`;

  test('has a name by which people know it, which does not give a URL away', () => {
    const { sources } = parse(
      source(
        '{ type: ical, url: "https://calendar.example.net/private-7f3a/basic.ics" }, { type: csv, file: lists/out.csv, every: 1h }, { type: json, file: out.json, name: CMDB }',
      ),
    ).config.outages;
    expect(sources.map(({ name, everyMs }) => [name, everyMs])).toEqual([
      ['calendar.example.net', 300_000],
      ['out.csv', 3_600_000],
      ['CMDB', 300_000],
    ]);
    expect(sources[1]?.file).toBe(join(folder, 'lists/out.csv'));
  });

  test.each([
    ['{ type: ical }', ['outages.sources[0] is not in one place']],
    [
      '{ type: ical, file: a.ics, url: "https://a.example.net/" }',
      ['outages.sources[0] is not in one place'],
    ],
    ['{ file: a.ics }', ['outages.sources[0].type is missing']],
    [
      '{ type: yaml, file: a }',
      [expect.stringContaining('outages.sources[0].type must be one of ical, csv, json, sql')],
    ],
    ['{ type: sql, file: a.csv, name: x }', ['outages.sources[0] is not in one place']],
    ['{ type: csv, query: select 1 }', ['outages.sources[0] is not in one place']],
    [
      '{ type: csv, file: a/out.csv }, { type: csv, file: b/out.csv }',
      ['outages.sources[1] is called out.csv, as another source is'],
    ],
    [
      '{ type: csv, file: a/out.csv }, { type: csv, file: b.csv, name: out.csv }',
      ['outages.sources[1] is called out.csv, as another source is'],
    ],
  ])('%s is refused', (text, expected) => {
    expect(faultsOf(source(text))).toEqual(expected);
  });
});
