import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createAnsibleAdapter } from '../../../src/redistribution/adapter/ansible-log.ts';
import { wholeLog } from '../../support/whole-log.ts';
import { rebuildCommand } from '../records.ts';

const plugins = new URL('../../../src/recorder/ansible', import.meta.url).pathname;
const playbook = `
- hosts: edge
  gather_facts: false
  tasks:
    - name: Copy geo-db
      ansible.builtin.copy: { content: "7", dest: "{{ playbook_dir }}/{{ inventory_hostname }}/geo-db" }
    - name: Ignored
      ansible.builtin.command: /bin/false
      ignore_errors: true
    - block: [{ name: Tried, ansible.builtin.command: /bin/false }]
      rescue: [{ name: Mended, ansible.builtin.command: /bin/true }]
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'restage-ansible-'));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write(
    'hosts',
    '[edge]\nc1\nc2\nc3 ansible_host=127.0.0.1 ansible_port=1 ansible_connection=ssh\n[edge:vars]\nansible_connection=local\n',
  );
  write('push.yml', playbook);
  write(
    'light.yml',
    '- hosts: edge\n  gather_facts: false\n  tasks: [{ ansible.builtin.debug: { msg: x }, tags: geo-db }]\n',
  );
  write(
    'slow.yml',
    '- hosts: edge\n  gather_facts: false\n  tasks: [{ ansible.builtin.command: sleep 60 }]\n',
  );
  write(
    'ansible.cfg',
    `[defaults]\ninventory = hosts\ncallback_plugins = ${plugins}\ncallbacks_enabled = restage\n[callback_restage]\nlog_dir = ${folder}/log\n`,
  );
  mkdirSync(join(folder, 'c1'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const env = () => ({
  PATH: process.env['PATH'] ?? '',
  HOME: folder,
  LC_ALL: 'C.UTF-8',
  PYTHONDONTWRITEBYTECODE: '1',
});

function play(args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<void> {
  return new Promise((resolve) => {
    execFile('ansible-playbook', args, { cwd: folder, env: { ...env(), ...more } }, () => resolve());
  });
}

/** What the log says of the runs since it was last asked. */
function takeRecords() {
  const [name = ''] = readdirSync(join(folder, 'log'));
  const bytes = readFileSync(join(folder, 'log', name));
  rmSync(join(folder, 'log', name));
  return createAnsibleAdapter('int-38').parse([wholeLog(bytes)]);
}

// Ansible takes seconds for each run, more while other tests run.
describe('B8: what our plugin for Ansible writes, with Debian’s Ansible', { timeout: 120_000 }, () => {
  it('is the command as it was, and what became of each host', async () => {
    await play(['push.yml', '-e', 'restage_package=geo-db,geo-index', '-e', 'x="ä b"', '--forks=3'], {
      ANSIBLE_INVENTORY: 'hosts',
      ANSIBLE_VAULT_PASSWORD: 'x',
      ANSIBLE_NOCOLOR: '1',
      LANGUAGE: 'de',
    });
    const { records, faults } = takeRecords();
    expect(faults).toEqual([]);
    expect(records).toMatchObject([
      {
        server: 'int-38',
        job: 'push',
        attempt: 1,
        argv: [
          expect.stringMatching(/ansible-playbook$/),
          'push.yml',
          '-e',
          'restage_package=geo-db,geo-index',
          '-e',
          'x="ä b"',
          '--forks=3',
        ],
        cwd: folder,
        packages: ['geo-db', 'geo-index'],
        recipients: [
          { name: 'c1', result: 'succeeded', cause: expect.stringMatching(/^rescued: /) },
          {
            name: 'c2',
            result: 'failed',
            cause: expect.stringMatching(/^Copy geo-db: Destination directory .* does not exist/),
          },
          { name: 'c3', result: 'failed', cause: expect.stringContaining('Connection refused') },
        ],
        context: {
          environment: { ANSIBLE_INVENTORY: 'hosts', ANSIBLE_VAULT_PASSWORD: null },
          user: userInfo().username,
          umask: expect.stringMatching(/^0[0-7]{3}$/),
          version: expect.stringMatching(/^ansible-core 2\./),
        },
        adapter: 'ansible',
        confidence: 'exact',
        provenance: { line: 1, lines: 6 },
      },
    ]);
  });

  it('narrowed to the hosts that failed, goes to no other', async () => {
    await play(['push.yml', '-l', 'c1,c2', '--tags', 'all']);
    const [record] = takeRecords().records;
    if (!record) throw new Error('no record');
    const { argv } = rebuildCommand(record, ['c2'], [], 2);
    mkdirSync(join(folder, 'c2'));
    await play(argv.slice(1), { RESTAGE_JOB: 'push', RESTAGE_ATTEMPT: '2', RESTAGE_PACKAGES: 'push\n' });
    expect(takeRecords().records).toMatchObject([
      { job: 'push', attempt: 2, packages: ['push'], recipients: [{ name: 'c2', result: 'succeeded' }] },
    ]);
  });

  it('takes job and packages from extra variables and tags; a trial is no job', async () => {
    await play(['light.yml', '-l', 'c1', '-e', '{"restage_job": "nightly", "restage_package": ["a", "b"]}']);
    await play(['light.yml', '-l', 'c1', '-t', 'geo-db,cdn']);
    await play(['light.yml', '-l', 'c1', '--check']);
    expect(takeRecords().records).toMatchObject([
      { job: 'nightly', packages: ['a', 'b'] },
      { job: 'light', packages: ['cdn', 'geo-db'] },
    ]);
  });

  it('knows a run that was killed by its missing recap', async () => {
    const child = spawn('ansible-playbook', ['slow.yml', '-l', 'c1,c3'], {
      cwd: folder,
      env: env(),
      detached: true,
    });
    const hasFailure = () => {
      try {
        const [name = ''] = readdirSync(join(folder, 'log'));
        return readFileSync(join(folder, 'log', name), 'utf8').includes('"event":"host"');
      } catch {
        return false;
      }
    };
    while (!hasFailure()) await sleep(50);
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    expect(takeRecords().records).toMatchObject([
      {
        endedAt: null,
        isWhole: false,
        recipients: [
          { name: 'c1', result: 'unknown', cause: 'the run has no recap' },
          { name: 'c3', result: 'failed' },
        ],
      },
    ]);
  });
});

/** Plays for c1 to c4, of which c2 fails at its first task; what each host is then, and who got the package. */
const early = [
  {
    name: 'any_errors_fatal',
    plays: [{ any_errors_fatal: true, tasks: ['check', 'deliver'] }],
    results: { c1: 'not reached', c2: 'failed', c3: 'not reached', c4: 'not reached' },
  },
  {
    name: 'max_fail_percentage',
    plays: [{ max_fail_percentage: 10, tasks: ['check', 'deliver'] }],
    results: { c1: 'not reached', c2: 'failed', c3: 'not reached', c4: 'not reached' },
  },
  {
    name: 'serial, where a whole batch fails',
    plays: [{ serial: 1, tasks: ['check', 'deliver'] }],
    results: { c1: 'succeeded', c2: 'failed', c3: 'not reached', c4: 'not reached' },
  },
  {
    name: 'the free strategy, where each host goes on by itself',
    plays: [{ strategy: 'free', tasks: ['check', 'deliver'] }],
    results: { c1: 'succeeded', c2: 'failed', c3: 'succeeded', c4: 'succeeded' },
  },
  {
    name: 'a handler that any_errors_fatal keeps from the others',
    plays: [{ any_errors_fatal: true, tasks: ['notify'], handlers: ['check', 'deliver'] }],
    results: { c1: 'not reached', c2: 'failed', c3: 'not reached', c4: 'not reached' },
  },
  {
    name: 'a play that never begins, since the one before it failed',
    plays: [
      { hosts: 'c2', tasks: ['check'] },
      { hosts: 'c2:c3', tasks: ['deliver'] },
    ],
    results: { c2: 'failed', c3: 'not reached' },
  },
  {
    name: 'a play that never begins, for hosts that a variable names',
    plays: [
      { hosts: 'c2', tasks: ['check'] },
      { hosts: '{{ later }}', tasks: ['deliver'] },
    ],
    args: ['-e', 'later=c1:c3'],
    results: { c1: 'not reached', c2: 'failed', c3: 'not reached' },
  },
  {
    name: 'end_host, which is an end',
    plays: [{ hosts: 'c1:c3', tasks: ['end c3', 'deliver'] }],
    results: { c1: 'succeeded', c3: 'succeeded' },
  },
  {
    name: 'end_play, which is an end for those that are there, and with serial not for those to come',
    plays: [{ hosts: 'c1:c3', serial: 1, tasks: ['end all', 'deliver'] }],
    results: { c1: 'succeeded', c3: 'not reached' },
  },
  {
    name: 'a play of which the tags leave no task',
    plays: [{ hosts: 'c1:c3', tasks: ['deliver'] }],
    args: ['--tags', 'nothing'],
    results: { c1: 'succeeded', c3: 'succeeded' },
  },
] satisfies readonly {
  name: string;
  plays: readonly object[];
  args?: readonly string[];
  results: Readonly<Record<string, string>>;
}[];
/** Each takes Ansible some seconds: the usual run plays the first ones. */
const played = inject('isLongRun') ? early : early.slice(0, 5);

const tasks: Readonly<Record<string, object>> = {
  check: { 'ansible.builtin.command': '/bin/false', when: 'inventory_hostname == "c2"' },
  deliver: { 'ansible.builtin.command': '/bin/true' },
  notify: { 'ansible.builtin.command': '/bin/true', notify: ['check', 'deliver'] },
  'end all': { 'ansible.builtin.meta': 'end_play' },
  'end c3': { 'ansible.builtin.meta': 'end_host', when: 'inventory_hostname == "c3"' },
};

describe('B13: a host has succeeded only if it came to the end of every play that concerns it', {
  timeout: 120_000,
}, () => {
  it.each(played)('with $name', async ({ plays, results, ...more }) => {
    const inventory = join(folder, 'four');
    writeFileSync(inventory, '[all:vars]\nansible_connection=local\n[four]\nc[1:4]\n');
    const whole = plays.map((one) => ({
      hosts: 'four',
      gather_facts: false,
      ...one,
      tasks: one.tasks.map((task) => tasks[task]),
      ...('handlers' in one && {
        handlers: one.handlers.map((handler) => ({ name: handler, ...tasks[handler] })),
      }),
    }));
    writeFileSync(join(folder, 'early.yml'), JSON.stringify(whole));
    await play(['early.yml', '-i', inventory, ...('args' in more ? more.args : [])]);
    const { records, faults } = takeRecords();
    expect(faults).toEqual([]);
    const said = records[0]?.recipients.map(({ name, result, cause }) => [
      name,
      cause?.startsWith('not reached: ') ? 'not reached' : result,
    ]);
    expect(Object.fromEntries(said ?? [])).toEqual(results);
  });

  it('nobody knows that of a host which could not be reached, where the play ignores that', async () => {
    const ignoring = { hosts: 'edge', gather_facts: false, ignore_unreachable: true };
    writeFileSync(join(folder, 'ignore.yml'), JSON.stringify([{ ...ignoring, tasks: [tasks['deliver']] }]));
    await play(['ignore.yml', '-l', 'c1,c3']);
    expect(takeRecords().records[0]?.recipients).toMatchObject([
      { name: 'c1', result: 'succeeded' },
      { name: 'c3', result: 'unknown', cause: expect.stringContaining('Connection refused') },
    ]);
  });

  it('with a play that never begins, for hosts that nobody can name: others may have been meant', async () => {
    const [first, later] = ['c2', '{{ set_by_the_play_before }}'].map((hosts) => ({
      hosts,
      gather_facts: false,
    }));
    const both = [
      { ...first, tasks: [tasks['check']] },
      { ...later, tasks: [tasks['deliver']] },
    ];
    writeFileSync(join(folder, 'unnamed.yml'), JSON.stringify(both));
    await play(['unnamed.yml', '-e', 'ansible_connection=local']);
    expect(takeRecords().records).toMatchObject([
      { isWhole: false, recipients: [{ name: 'c2', result: 'failed' }] },
    ]);
  });

  it('with a playbook after one that fails, which is never read', async () => {
    const local = { hosts: 'c1:c2', gather_facts: false, connection: 'local' };
    for (const name of ['check', 'deliver']) {
      writeFileSync(join(folder, `${name}.yml`), JSON.stringify([{ ...local, tasks: [tasks[name]] }]));
    }
    await play(['check.yml', 'deliver.yml', '-e', 'restage_job=two']);
    const { records } = takeRecords();
    expect(records.map(({ job, recipients }) => [job, recipients.map(({ cause }) => cause)])).toEqual([
      ['two', [expect.stringMatching(/^not reached: /), expect.stringContaining('non-zero return code')]],
    ]);
    await play(['check.yml', 'deliver.yml', '-l', 'c1']);
    expect(takeRecords().records.flatMap(({ recipients }) => recipients)).toMatchObject([
      { name: 'c1', result: 'succeeded' },
      { name: 'c1', result: 'succeeded' },
    ]);
  });

  it.each([
    ['a record of an older plugin, of a run in which a host failed', { a: 0, b: 1 }, 'unknown'],
    ['a record of an older plugin, of a run without any failure', { a: 0, b: 0 }, 'succeeded'],
  ])('%s', (_name, failures, result) => {
    const recap = Object.fromEntries(
      Object.entries(failures).map(([host, count]) => [host, { failures: count, unreachable: 0 }]),
    );
    const line = {
      ...{ v: 1, id: 'r', at: '2026-11-20T10:00:00Z', event: 'end', job: 'j', attempt: 1, argv: ['x'] },
      ...{ cwd: '/', packages: ['p'], startedAt: '2026-11-20T10:00:00Z', hosts: ['a', 'b'], recap },
    };
    const { records } = createAnsibleAdapter('s').parse([wholeLog(`${JSON.stringify(line)}\n`)]);
    expect(records[0]?.recipients[0]).toMatchObject({ name: 'a', result });
  });
});

describe('lines that nobody should have written', () => {
  it.each([
    ['another version', '{"v":2}', 'version 2'],
    ['another event', '{"v":1,"id":"a","at":"2026-11-20T10:00:00Z","event":"x"}', 'event "x"'],
    [
      'a recap of strangers',
      '{"v":1,"id":"a","at":"2026-11-20T10:00:00Z","event":"end","job":"j","attempt":1,"argv":["a"],"cwd":"/","packages":["p"],"startedAt":"2026-11-20T10:00:00Z","hosts":["a"],"recap":{"b":{}}}',
      'names "b"',
    ],
  ])('%s', (_name, line, reason) => {
    const { records, faults } = createAnsibleAdapter('s').parse([wholeLog(`${line}\n`)]);
    expect(records).toEqual([]);
    expect(faults).toMatchObject([{ line: 1, reason: expect.stringContaining(reason) }]);
  });

  it('but one that is being written is none of them', () => {
    expect(createAnsibleAdapter('s').parse([wholeLog('{"v":1,"id"')])).toEqual({ records: [], faults: [] });
  });
});
