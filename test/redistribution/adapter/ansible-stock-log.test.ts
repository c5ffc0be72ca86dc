import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AnsibleLogging } from '../../../src/domain/log-source.ts';
import type { JobRecord } from '../../../src/domain/redistribution.ts';
import { createStockAnsibleAdapter } from '../../../src/redistribution/adapter/ansible-stock-log.ts';
import { joinAnsibleLog } from '../../../src/redistribution/join-ansible-log.ts';
import { wholeLog } from '../../support/whole-log.ts';
import { makeRecord } from '../records.ts';

const folder = new URL('../../fixtures/logs/ansible-log/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const command = ['ansible-playbook', 'fails.yml'];
const plays = [{ play: 'Fails', job: 'push', packages: ['geo-db'], command, directory: '/srv/ansible' }];
const marked: AnsibleLogging = { plays, checkModeMarkers: true };
const writtenAt = new Date('2026-11-30T23:00:00Z');
const parse = (content: string, told = marked) =>
  createStockAnsibleAdapter('int-38', 'UTC', told).parse([wholeLog(content, 'ansible.log', writtenAt)]);
const resultsOf = (record: JobRecord | undefined) =>
  Object.fromEntries((record?.recipients ?? []).map(({ name, result, cause }) => [name, [result, cause]]));
const refused =
  'unreachable: Failed to connect to the host via ssh: ssh: connect to host 127.0.0.1 port 1: Connection refused';
const says = (text: string) => expect.stringContaining(text) as unknown;
const logged = (lines: readonly string[]) =>
  lines.map((text) => `2026-11-30 22:00:00,001 p=7 u=root n=ansible | ${text}\n`).join('');

describe('B14: Ansible’s own log, as ansible-core 2.14 writes it', () => {
  const { records, faults } = parse(read('log_path.log'));

  it('has a record of each run that was no trial and came to a host', () => {
    expect(faults).toEqual([]);
    expect(records.map(({ job }) => job)).toEqual(['Edge agent', 'push', 'push', 'push']);
  });

  it('whoever a run that ended early left behind is not reached, and of who was done before nothing is sure', () => {
    // Batches of two, any_errors_fatal, and a second play that never began, of which client-001 is.
    expect(resultsOf(records[0])).toEqual({
      'client-001': ['unknown', says('does not say whether this host came to the end')],
      'client-002': ['unknown', says('does not say')],
      'client-010': ['failed', `Look: ${refused}`],
      'client-011': ['failed', says('not reached')],
    });
    expect(records[0]).toMatchObject({ argv: [], isWhole: false, confidence: 'inferred' });
  });

  it('after a failure only who stands in the last task has succeeded; what was rescued is marked', () => {
    expect(resultsOf(records[1])).toEqual({
      'client-001': ['unknown', says('does not say')],
      'client-002': ['failed', 'Copy: failed: non-zero return code'],
      'client-010': ['failed', `Copy: ${refused}`],
      'client-011': ['succeeded', says('rescued')],
    });
    const about = { packages: ['geo-db'], argv: command, cwd: '/srv/ansible' };
    expect(records[1]).toMatchObject({ ...about, startedAt: new Date('2026-11-30T22:00:41Z') });
  });

  it('a run without a failure has succeeded for all; one without a recap is unknown', () => {
    expect(resultsOf(records[2])).toEqual({ 'client-001': ['succeeded', null] });
    const died = parse(logged(['PLAY [Fails] ****', 'TASK [Copy] ****', 'changed: [c1]'])).records[0];
    expect(resultsOf(died)).toEqual({ c1: ['unknown', 'the run has no recap'] });
    expect(died?.endedAt).toBeNull();
  });

  it('without marks for trials nobody has succeeded for sure', () => {
    const unmarked = parse(read('log_path.log'), { plays, checkModeMarkers: false });
    expect(resultsOf(unmarked.records[2])).toEqual({ 'client-001': ['unknown', says('--check')] });
  });

  it.each(['printed.log', 'color.log'])('is read from what was printed too: %s', (name) => {
    const printed = parse(read(name));
    expect(printed.faults).toEqual([]);
    expect(printed.records).toHaveLength(1);
    expect(printed.records[0]).toMatchObject({ endedAt: writtenAt });
    expect(resultsOf(printed.records[0])['client-010']).toEqual(['failed', `Copy: ${refused}`]);
  });

  it('of several runs that were printed into one file only the last has a time', () => {
    const twice = parse(read('printed.log') + read('color.log'));
    expect(twice.records).toHaveLength(1);
    expect(twice.faults.map(({ reason }) => reason)).toEqual([says('give each a file')]);
  });

  it('a module that prints what looks like a line of the log changes no other host', () => {
    const forged = [
      'PLAY [Fails] ***',
      'TASK [Copy] ***',
      'ok: [c1] => {"msg": "ok: [c2]"}',
      'fatal: [c2]: FAILED! => {"msg": "PLAY RECAP"}',
      'PLAY RECAP ***',
      'c1 : ok=1    changed=0    unreachable=0    failed=0',
      'c2 : ok=0    changed=0    unreachable=0    failed=1',
    ];
    expect(resultsOf(parse(logged(forged)).records[0])).toEqual({
      c1: ['succeeded', null],
      c2: ['failed', 'Copy: failed: PLAY RECAP'],
    });
  });
});

describe('B14: the recorder’s record of a run that Ansible’s own log tells of', () => {
  const [, run] = parse(read('log_path.log'), { plays: [], checkModeMarkers: false }).records;
  if (!run) throw new Error('no run');
  const at = (ms: number) => new Date(run.startedAt.getTime() + ms);
  const argv = ['nice', 'ansible-playbook', '-e', 'x=1', 'fails.yml'];
  const endedAt = new Date((run.endedAt?.getTime() ?? 0) + 900);
  const about = { server: 'int-38', argv, startedAt: at(-1500), endedAt };
  const recorded: JobRecord = { ...makeRecord({ 'int-38': 'failed' }, about), adapter: 'record' };

  it('lends the command, and who succeeded is sure', () => {
    const { records, unknown } = joinAnsibleLog([recorded, run]);
    expect(unknown).toEqual([]);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ argv, adapter: 'record', confidence: 'exact' });
    expect(resultsOf(records[0])).toEqual({
      'client-001': ['unknown', says('does not say')],
      'client-002': ['failed', says('Copy: failed')],
      'client-010': ['failed', says('unreachable')],
      'client-011': ['succeeded', null],
    });
  });

  it('lends nothing if it is of another time, or one of two', () => {
    const early = { ...recorded, startedAt: at(-99_000), endedAt: at(-50_000) };
    expect(joinAnsibleLog([early, run])).toEqual({ records: [early], unknown: [run] });
    const twin = { ...recorded, job: 'twin' };
    expect(joinAnsibleLog([recorded, twin, run])).toEqual({ records: [recorded, twin], unknown: [run] });
  });

  it.each([
    'ansible-playbook -C fails.yml',
    'sudo ansible-playbook --syntax-check fails.yml',
    'ansible-playbook --list-hosts fails.yml',
    'rsync -avn /srv/packages/a k1:/srv/incoming/',
    'timeout 60 rsync -a --dry-run /srv/packages/a k1:/srv/incoming/',
    'rsync --list-only k1:/srv/incoming/',
    'pdsh -q -w k1 install a',
    'ansible-playbook --syn fails.yml',
    'pdcp --help -V',
    'rsync --version',
    `bash|-c|rsync -n /srv/a k1:/srv/ && rsync -n /srv/b k1:/srv/`,
  ])('of a trial has delivered nothing: %s', (text) => {
    const trial = { ...recorded, argv: text.split(text.includes('|') ? '|' : ' ') };
    expect(joinAnsibleLog([trial])).toEqual({ records: [], unknown: [] });
  });

  it.each([
    'rsync -ah /srv/n k1:/srv/incoming/',
    'pdsh -w k1 install -q a',
    'clush -n -w k1 install a',
    'bash|-c|rsync -n /srv/a k1:/srv/ && rsync /srv/a k1:/srv/',
  ])('of a run that is no trial is kept: %s', (text) => {
    const real = { ...recorded, argv: text.split(text.includes('|') ? '|' : ' ') };
    expect(joinAnsibleLog([real]).records).toEqual([real]);
  });
});
