import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPglite } from '../../src/adapters/postgres/database.ts';
import { injectTime } from '../../src/adapters/postgres/store-time.ts';
import { createStore } from '../../src/adapters/postgres/store.ts';
import { runCli } from '../../src/cli/cli.ts';
import { passed, stopped } from '../../src/domain/gate.ts';
import { copyPgliteFolder } from '../support/databases.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'restage-mails-'));
const config = path.join(folder, 'restage.yaml');
const receivedAt = new Date('2026-11-23T12:00:00Z');

async function restage(...words: string[]): Promise<{ exitCode: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const exitCode = await runCli(['node', 'restage', ...words, '-c', config], {
    env: {},
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
    onStopSignal: () => {},
  });
  return { exitCode, out, err };
}

beforeAll(async () => {
  const dataDir = await copyPgliteFolder();
  writeFileSync(config, `validation: { domains: [example.com] }\ndatabase: { dataDir: ${dataDir} }\n`);
  const database = await openPglite(dataDir);
  const store = createStore(
    database,
    { enqueue: async () => {}, wake: () => {} },
    injectTime({ now: () => receivedAt }),
  );
  const common = { via: 'imap:alerts', receivedAt, format: null, alertCount: 0 };
  const source = new TextEncoder().encode(
    'From: a@evil.example\r\nSubject: hi\r\n\r\nred \u001b[31malert\u001b[0m\r\nnext\r\n',
  );
  await store.transaction((tx) =>
    tx.addMails([
      {
        ...common,
        key: 'one',
        fromAddress: 'a@evil.example',
        subject: 'FAILED \u001b]0;owned\u0007 \u202Ereversed',
        state: 'rejected',
        gates: [stopped('domain', 'domain-not-listed', { domain: 'evil.example' })],
        source,
      },
      {
        ...common,
        key: 'two',
        fromAddress: 'b@example.com',
        subject: 'all well',
        state: 'ignored',
        gates: [passed('domain', 'domain-listed'), stopped('format', 'summary')],
        source,
      },
    ]),
  );
  await database.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('A5: stored mail in the terminal', () => {
  it('is listed by state, without a way to play tricks on the terminal', async () => {
    const { exitCode, out } = await restage('mails', '--state', 'rejected');
    expect(exitCode).toBe(0);
    expect(out).toBe(
      '1  2026-11-23T12:00:00Z  rejected (domain: domain-not-listed)  a@evil.example  FAILED ⟨U+001B⟩]0;owned⟨U+0007⟩ ⟨U+202E⟩reversed\n',
    );
  });

  it('is printed for machines, one object a line', async () => {
    const { out } = await restage('mails', '--json');
    const objects = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(objects).toMatchObject([
      { id: 2, state: 'ignored', reason: 'summary' },
      { id: 1, state: 'rejected', gate: 'domain' },
    ]);
  });

  it('is shown with its gates, headers and text, escaped', async () => {
    const { exitCode, out } = await restage('mails', 'show', '1');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/STOP {2}domain .*domain=evil\.example/);
    expect(out).toContain('\nsubject: hi\n');
    expect(out).toContain('red ⟨U+001B⟩[31malert⟨U+001B⟩[0m\nnext');
  });

  it('is explained by its id', async () => {
    const { exitCode, out } = await restage('explain', '--id', '1', '2', '--json');
    expect(exitCode).toBe(0);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([
      { file: 'mail 1', outcome: 'rejected', gate: 'domain' },
      { file: 'mail 2', outcome: 'ignored', gate: 'format', reason: 'summary' },
    ]);
  });

  it.each([
    ['an id that is none', ['mails', 'show', '9'], 1, 'There is no mail 9.'],
    ['an id that is no number', ['mails', 'show', 'x'], 2, 'whole number'],
    ['a state that is none', ['mails', '--state', 'refused'], 1, 'is no state of a mail'],
    ['an age that is none', ['mails', '--since', 'yesterday'], 1, 'is no duration'],
    ['nothing to explain', ['explain'], 1, 'Name mail files'],
    ['re-admitting without a bot', ['readmit', '1'], 1, 'Start it'],
  ])('says what is wrong with %s', async (_what, words, expected, message) => {
    const { exitCode, err } = await restage(...words);
    expect(err).toContain(message);
    expect(exitCode).toBe(expected);
  });
});
