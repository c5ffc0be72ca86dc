import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/cli.ts';
import { copyPgliteFolder } from '../support/databases.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'restage-cli-'));
let dataDir: string;
beforeAll(async () => {
  dataDir = await copyPgliteFolder();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const place = (name: string) => path.join(folder, name);

async function restage(...words: string[]): Promise<{ exitCode: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const exitCode = await runCli(['node', 'restage', ...words], {
    env: {},
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
    onStopSignal: () => {},
  });
  return { exitCode, out, err };
}

const good = [
  'From: restage@int-38.example.com',
  'Subject: [restage] FAILED geo-db on int-58',
  'Date: Mon, 23 Nov 2026 14:00:00 +0000',
  'Message-ID: <1@int-38.example.com>',
  '',
  'Device: int-58',
  'Package: geo-db',
  'Failure: connection timed out',
  'Server: int-38',
  'Job: J1',
  '',
].join('\r\n');

it('restage --version says which one it is', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(await restage('--version')).toEqual({ exitCode: 0, out: `${version}\n`, err: '' });
});

describe('restage explain', () => {
  beforeAll(() => {
    writeFileSync(
      place('restage.yaml'),
      `validation: { domains: [example.com], nodes: ['int-*'] }\ndatabase: { dataDir: ${dataDir} }\n`,
    );
    writeFileSync(place('good.eml'), good);
    writeFileSync(place('forward.eml'), good.replace('Subject: ', 'Subject: Fwd: '));
    writeFileSync(place('evil.eml'), good.replace('@int-38.example.com\r', '@evil-example.com\r'));
  });

  it.each([
    ['a forwarded mail', 'forward.eml', 'rejected (subject: forward)', /STOP {2}subject .*Fwd:/],
    [
      'a stranger whose domain only looks listed',
      'evil.eml',
      'rejected (domain: domain-not-listed)',
      /STOP {2}domain .*evil-example\.com/,
    ],
    ['a good mail', 'good.eml', 'accepted', /STOP {2}threshold .*counted=1 needed=4/],
  ])('shows the gate that decided on %s', async (_what, file, outcome, gate) => {
    const { exitCode, out } = await restage('explain', '-c', place('restage.yaml'), place(file));
    expect(exitCode).toBe(0);
    expect(out).toContain(outcome);
    expect(out).toMatch(gate);
  });

  it('prints one JSON object a line for each file', async () => {
    const files = ['good.eml', 'evil.eml'].map(place);
    const { out } = await restage('explain', '--json', '-c', place('restage.yaml'), ...files);
    const objects = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(objects).toMatchObject([
      {
        file: place('good.eml'),
        outcome: 'accepted',
        format: 'plain',
        alerts: [{ device: 'int-58', job: 'J1' }],
      },
      { file: place('evil.eml'), outcome: 'rejected', gate: 'domain', alerts: [] },
    ]);
  });

  it('drafts a format for mail that none knows, and a config with that draft reads it', async () => {
    const unknown = good.replace('Device: int-58', 'Node: int-58').replace('Job: J1', 'Batch: J1');
    writeFileSync(place('unknown.eml'), unknown);
    const draft = await restage('explain', '--draft', '-c', place('restage.yaml'), place('unknown.eml'));
    expect(draft.exitCode).toBe(0);
    writeFileSync(
      place('drafted.yaml'),
      `${draft.out}\nvalidation: { domains: [example.com], nodes: ['int-*'] }\ndatabase: { dataDir: ${dataDir} }\n`,
    );
    const { out } = await restage('explain', '--json', '-c', place('drafted.yaml'), place('unknown.eml'));
    expect(JSON.parse(out)).toMatchObject({
      outcome: 'accepted',
      format: 'restage',
      alerts: [{ device: 'int-58', job: 'J1', failure: 'connection', at: '2026-11-23T14:00:00.000Z' }],
      draft: null,
    });
    // What the shipped formats read they read on.
    const known = await restage('explain', '--json', '-c', place('drafted.yaml'), place('good.eml'));
    expect(JSON.parse(known.out)).toMatchObject({ outcome: 'accepted', format: 'plain' });
  });

  it('shows the draft with a dead letter, and has none for mail that a format knows', async () => {
    const files = [place('unknown.eml'), place('good.eml')];
    const shown = await restage('explain', '-c', place('restage.yaml'), ...files);
    expect(shown.out).toMatch(
      /dead-letter \(format: no-format-matches\)[^]*There is no stored mail to try it on\.[^]*- name: restage/,
    );
    const drafts = await restage('explain', '--draft', '-c', place('restage.yaml'), place('good.eml'));
    expect(drafts.out).toContain('the format plain knows this mail');
  });

  it('drafts one format for several mails, and keeps it apart from those behind --not', async () => {
    const unknown = good.replace('Device: int-58', 'Node: int-58').replace('Job: J1', 'Batch: J1');
    writeFileSync(place('second.eml'), unknown.replaceAll('int-58', 'int-7').replace('<1@', '<2@'));
    writeFileSync(
      place('lunch.eml'),
      unknown.replace('FAILED geo-db on int-58', 'lunch').replace('int-58', 'Ana'),
    );
    const files = [place('unknown.eml'), place('second.eml'), '--not', place('lunch.eml')];
    const { exitCode, out } = await restage('explain', '--draft', '-c', place('restage.yaml'), ...files);
    expect(exitCode).toBe(0);
    expect(out).toContain('Of these 2 mails it reads 2 as failures');
    expect(out).toContain('Of the 1 mails that it must not take it takes 0.');
    expect(out.match(/- name: restage/g)).toHaveLength(1);
    const config = `validation: { domains: [example.com], nodes: ['int-*'] }\ndatabase: { dataDir: ${dataDir} }\n`;
    writeFileSync(place('apart.yaml'), `${out}\n${config}`);
    const lunch = await restage('explain', '--json', '-c', place('apart.yaml'), place('lunch.eml'));
    expect(JSON.parse(lunch.out)).toMatchObject({ outcome: 'dead-letter', reason: 'no-format-matches' });
  });

  it('refuses --not without --draft', async () => {
    const files = [place('good.eml'), '--not', place('evil.eml')];
    const { exitCode, err } = await restage('explain', '-c', place('restage.yaml'), ...files);
    expect(exitCode).toBe(1);
    expect(err).toContain('add --draft');
  });

  it('says which file it can not read', async () => {
    const { exitCode, err } = await restage('explain', '-c', place('restage.yaml'), place('none.eml'));
    expect(exitCode).toBe(1);
    expect(err).toContain('none.eml');
  });
});

describe('restage check', () => {
  it('names each of five faults with its line and key', async () => {
    writeFileSync(
      place('bad.yaml'),
      [
        'thresholds:',
        '  - { count: four, within: 30m }',
        '  - { failure: connection, over: servers, count: 3, within: 15m }',
        'routing:',
        '  regions:',
        '    eu: { domains: [eu.example.net] }',
        'validaton: { domains: [example.net] }',
        'formats: [plian]',
      ].join('\n'),
    );
    const { exitCode, err } = await restage('check', place('bad.yaml'));
    expect(exitCode).toBe(1);
    for (const fault of [
      'bad.yaml:2:7 thresholds[0].count',
      'bad.yaml:3:28 thresholds[1].over',
      'bad.yaml:6:5 routing.regions.eu.channel',
      'bad.yaml:7:1 validaton',
      'bad.yaml:8:11 formats[0]',
      '5 faults found',
    ]) {
      expect(err).toContain(fault);
    }
  });

  it('finds nothing wrong with a good config', async () => {
    const { exitCode, out } = await restage('check', '-c', place('restage.yaml'));
    expect(exitCode).toBe(0);
    expect(out).toContain('no fault found');
  });
});

describe('restage audit', () => {
  it('balances an empty database', async () => {
    const { exitCode, out } = await restage('audit', '--json', '-c', place('restage.yaml'));
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ balanced: true, alertsInMails: 0 });
  });
});

describe('restage audit with an inventory that is faulty', () => {
  it('says so and ends, with the database closed again', async () => {
    writeFileSync(place('devices.csv'), 'no,such,columns\n1,2,3\n');
    writeFileSync(
      place('faulty.yaml'),
      `inventory: { csv: ./devices.csv }\ndatabase: { dataDir: ${dataDir} }\n`,
    );
    const { exitCode, err } = await restage('audit', '-c', place('faulty.yaml'));
    expect(exitCode).toBe(1);
    expect(err).toContain('devices.csv');
    expect(existsSync(path.join(dataDir, 'restage.lock'))).toBe(false);
  });
});

describe('restage', () => {
  it.each([
    [['--help'], 0],
    [['strat'], 2],
    [['start', '-c', place('none.yaml')], 1],
  ])('%j ends with exit code %i', async (words, expected) => {
    expect((await restage(...words)).exitCode).toBe(expected);
  });
});
