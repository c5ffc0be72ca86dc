import { existsSync, readFileSync } from 'node:fs';
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServerAccess } from '../../src/adapters/ssh/server-access.ts';
import { actions } from '../../src/messages/actions.ts';
import type { ServerAccess } from '../../src/domain/server.ts';
import { quoteArgv } from '../../src/redistribution/quote-argv.ts';
import { gather } from '../../src/workflows/redistribution/gather.ts';
import { runRedistribution } from '../../src/workflows/redistribution/run-redistribution.ts';
import { clickApprove } from '../../src/workflows/redistribution/decide-redistribution.ts';
import { drawListing } from '../../src/workflows/redistribution/show-whole.ts';
import { onPglite } from '../support/databases.ts';
import { logLine, prepareRedistributions } from '../support/redistributions.ts';
import { serverProfile } from '../support/server-profile.ts';
import { silentLog } from '../support/silent-log.ts';
import { startSshd, type Sshd } from '../support/sshd.ts';
import { createWorkbench } from '../support/workbench.ts';

const recorder = new URL('../../src/recorder/restage-record', import.meta.url).pathname;

describe('what a log has planted, on a real server', () => {
  let sshd: Sshd;
  let access: ServerAccess;
  beforeAll(async () => {
    sshd = await startSshd();
    access = createServerAccess({ log: silentLog });
  });
  afterAll(async () => {
    await access.close();
    await sshd.stop();
  });
  const open = onPglite();

  it('B12: nothing runs that was not shown and allowed, and each argument arrives as it was shown', async () => {
    const at = (name: string) => join(sshd.home, name);
    const [canary, ran, push] = [at('canary'), at('ran'), at('bin/push')];
    const touch = `touch ${canary}`;
    await mkdir(at('bin'));
    await mkdir(at('records'));
    await writeFile(push, `#!/bin/sh\nprintf '%s\\0' "$@" >> ${ran}\n`);
    await copyFile(recorder, at('bin/restage-record'));
    for (const name of [push, at('bin/restage-record')]) await chmod(name, 0o755);
    await writeFile(at('restage-record.conf'), `SERVER=int-38\nLOG_DIR=${at('records')}\n`);

    const hostile = [
      `'; ${touch} #`,
      `$(${touch})`,
      `\`${touch}\``,
      `-x;${touch}`,
      `"; ${touch}; "`,
      '*',
      '~',
      `&& ${touch}`,
    ];
    const names = { job: `n'; ${touch} #`, packages: [`$(${touch})`], recipients: [`\`${touch}\``] };
    const lines = [
      logLine(-0.01, { ...names, argv: [push, '--', ...hostile], cwd: sshd.home }),
      logLine(-0.02, { job: 'a', argv: ['sh', '-c', touch], cwd: sshd.home }),
      logLine(-0.03, { job: 'bb', argv: [push, `--rsh=${touch}`], cwd: sshd.home }),
      logLine(-0.04, { job: 'ccc', argv: [`${push}; ${touch}`], cwd: sshd.home }),
      logLine(-0.05, { job: 'dddd', argv: [push, '--', `a\n${touch}`], cwd: sshd.home }),
      logLine(-0.06, { job: 'eeeee', argv: [push], cwd: `/tmp/$(${touch})` }),
      `{"v":1,"event":"end"}; ${touch}`,
    ];
    await writeFile(at('records/2026-11-23.jsonl'), `${lines.join('\n')}\n`);

    const bench = await createWorkbench(await open());
    const profile = serverProfile({
      port: sshd.port,
      user: sshd.user,
      privateKeyFile: sshd.clientKeyFile,
      hostKey: sshd.hostKeyFingerprint,
      recorder: at('bin/restage-record'),
      logs: [
        {
          adapter: 'record',
          path: `${at('records')}/*.jsonl`,
          timeZone: 'UTC',
          longestRunMs: 0,
          format: null,
        },
      ],
      allowed: [{ program: push, flags: [], arguments: ['.*', '-.*'], directories: [sshd.home] }],
      running: { environment: { RESTAGE_RECORD_CONF: at('restage-record.conf') } },
    });
    const scripted = prepareRedistributions(bench, [profile]);
    const site = { ...scripted, deps: { ...scripted.deps, servers: access } };
    const { id } = await scripted.ask('int-38 since yesterday');
    await gather(site.deps, id);

    const commands = await site.commands(id);
    expect(commands.map(({ command }) => command.refusal === null)).toEqual([
      ...Array.from({ length: commands.length - 1 }, () => false),
      true,
    ]);
    const record = await site.record(id);
    const file = await drawListing(site.deps, `${id} ${record.digest}`);
    const listing = new TextDecoder().decode(file?.bytes);
    expect(listing).toContain(quoteArgv([push, '--', ...hostile]));
    expect(await clickApprove(site.deps, await site.clickNow(id))).toBeNull();
    await runRedistribution(site.deps, id, new AbortController().signal);

    expect(existsSync(canary)).toBe(false);
    expect(readFileSync(ran, 'utf8')).toBe(['--', ...hostile].map((text) => `${text}\0`).join(''));
    const states = (await site.commands(id)).map(({ state }) => state);
    expect(states.filter((state) => state !== 'planned')).toHaveLength(1);
    await bench.close();
  });

  it('B12: surroundings that a log has planted are shown and refused, and no list that is a program runs before the approval', {
    timeout: 60_000,
  }, async () => {
    const at = (name: string) => join(sshd.home, name);
    await mkdir(at('good'));
    await mkdir(at('planted'));
    // Whoever runs in this directory, or by this config, runs the script.
    const script = (mark: string) => `#!/bin/sh\ntouch ${at(mark)}\necho '{"all":{"hosts":["int-58"]}}'\n`;
    await writeFile(at('planted/evil'), script('canary-2'), { mode: 0o755 });
    await writeFile(at('planted/ansible.cfg'), `[defaults]\ninventory = ${at('planted/evil')}\n`);
    await writeFile(at('good/hosts'), script('listed'), { mode: 0o755 });
    const play = { hosts: 'all', gather_facts: false, connection: 'local', tasks: [] };
    for (const folder of ['good', 'planted'])
      await writeFile(at(`${folder}/site.yml`), JSON.stringify([play]));
    const groups = ['[Main]', 'default: site', '[site]', `map: ${at('good/hosts')}`, ''];
    await writeFile(at('good/groups.conf'), groups.join('\n'));

    const playbook = ['ansible-playbook', '-i', 'hosts', '--limit', 'int-58', 'site.yml'];
    const clush = ['clush', `--groupsconf=${at('good/groups.conf')}`, '-w', '@eu', 'id'];
    const env = (name: string, value: string) => ({ env: { [name]: value } });
    const plant = (name: string, change: Readonly<Record<string, unknown>>) =>
      logLine(-0.01, { job: name, argv: playbook, cwd: at('good'), ...change });
    const lines = [
      plant('directory', { cwd: at('planted') }),
      plant('preload', env('LD_PRELOAD', at('planted/evil'))),
      plant('shell', {
        ...env('RSYNC_RSH', at('planted/evil')),
        argv: ['rsync', '-a', '/srv/x', 'int-58:/y'],
      }),
      plant('config', env('ANSIBLE_CONFIG', at('planted/ansible.cfg'))),
      plant('group', { argv: clush }),
      plant('inventory', {}),
    ];
    const bench = await createWorkbench(await open());
    const exactly = (name: string) => ({ name, exactly: '/usr/lib/good' });
    const flags = ['-i', '--limit', '-w', '--groupsconf', '-a'].map((name) => ({
      name,
      value: name === '-a' ? null : '.*',
    }));
    const rest = { flags, arguments: ['.*'], directories: [at('good')] };
    const guarded = ['LD_PRELOAD', 'RSYNC_RSH', 'ANSIBLE_CONFIG'].map(exactly);
    const allowed = ['ansible-playbook', 'rsync', 'clush'].map((program) => ({
      program,
      ...rest,
      environment: guarded,
    }));
    await writeFile(at('records-2.jsonl'), `${lines.join('\n')}\n`);
    const log = {
      adapter: 'record',
      path: at('records-2.jsonl'),
      timeZone: 'UTC',
      longestRunMs: 0,
      format: null,
    } as const;
    const profile = serverProfile({
      port: sshd.port,
      user: sshd.user,
      privateKeyFile: sshd.clientKeyFile,
      hostKey: sshd.hostKeyFingerprint,
      logs: [log],
      allowed,
      // Names of runs are those of the test before.
      running: { runFolder: at('runs-2') },
    });
    const scripted = prepareRedistributions(bench, [profile]);
    const site = { ...scripted, deps: { ...scripted.deps, servers: access } };
    const { id } = await scripted.ask('int-38 since yesterday');
    await gather(site.deps, id);
    const refusals = new Map(
      (await site.commands(id)).map(({ command }) => [command.job, command.refusal ?? 'approvable']),
    );
    const value = (text: string) => expect.stringContaining(`its environment has ${text}`) as unknown;
    expect(Object.fromEntries(refusals)).toEqual({
      directory: expect.stringContaining('its directory') as unknown,
      preload: value('LD_PRELOAD='),
      shell: value('RSYNC_RSH='),
      config: value('ANSIBLE_CONFIG='),
      group: 'approvable',
      inventory: 'approvable',
    });
    await drawListing(site.deps, `${id} ${(await site.record(id)).digest}`);
    expect(existsSync(at('listed'))).toBe(false);

    const click = { ...(await site.clickNow(id)), actionId: actions.redistributionApproveMarked };
    expect(await clickApprove(site.deps, click)).toBeNull();
    await runRedistribution(site.deps, id, new AbortController().signal);
    expect(existsSync(at('listed'))).toBe(true);
    expect(existsSync(at('canary-2'))).toBe(false);
    await bench.close();
  });
});
