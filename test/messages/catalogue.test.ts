import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkView } from '../../src/demo/workspace/block-kit/check-blocks.ts';
import { catalogue, parts } from './catalogue/catalogue.ts';
import type { Payload } from './catalogue/entry.ts';
import { slackComplaints } from './reading.ts';

const messages = path.resolve(import.meta.dirname, '../../src/messages');

function complaintsOf(payload: Payload): readonly string[] {
  return 'view' in payload ? checkView(payload.view) : slackComplaints(payload.message);
}

test.each(catalogue.map((entry) => [entry.title, entry] as const))('Slack would take %s', (_, entry) => {
  expect(entry.payloads().flatMap(complaintsOf)).toEqual([]);
});

test('no message says a word that only the code knows', () => {
  const inside = /root-cause|Device: network|device-down|network-down/;
  const found = catalogue.filter((entry) => inside.test(JSON.stringify(entry.payloads())));
  expect(found.map(({ title }) => title)).toEqual([]);
});

test('every renderer and every form of src/messages stands in the catalogue', async () => {
  const listed = new Set<unknown>([...catalogue.map(({ renderer }) => renderer), ...parts]);
  const missing: string[] = [];
  for (const file of readdirSync(messages).filter((name) => name.endsWith('.ts'))) {
    const exported = (await import(path.join(messages, file))) as Readonly<Record<string, unknown>>;
    for (const [name, one] of Object.entries(exported)) {
      const isRenderer = typeof one === 'function' && /^(?:render|(?!read)\w*Form$)/.test(name);
      if (isRenderer && !listed.has(one)) missing.push(`${file}: ${name}`);
    }
  }
  expect(missing).toEqual([]);
});
