import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import nodemailer from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { freePort } from '../../src/bench/servers/free-port.ts';
import { startDistributionServer } from '../support/distribution-server.ts';
import { describeWithEachDatabaseUrl } from '../support/databases.ts';
import { shows, topLevel, untilShows } from '../support/messages.ts';
import { type CompiledScript, compileScript } from '../support/netns.ts';
import { allowedCalls, enterSandbox, sandboxUser, unitFile, valuesOf } from '../support/service-sandbox.ts';
import { ana, siteEnv, writeSiteConfig } from '../support/site-config.ts';
import { startSurroundings, startUp } from '../support/surroundings.ts';

const execute = promisify(execFile);

describe('the systemd unit', () => {
  it('is exposed at 2.5 of 10 at the most, and started once its program runs', () => {
    const argv = ['security', '--offline=true', '--threshold=25', unitFile];
    const said = execFileSync('systemd-analyze', argv, { encoding: 'utf8' });
    expect(said).toMatch(/Overall exposure level for restage\.service: [012]\.\d OK/);
    expect(valuesOf('Type')).toEqual(['exec']);
  });

  it('allows the system calls of a service, and none that only administrators need', () => {
    const allowed = allowedCalls();
    for (const name of ['execve', 'socket', 'clone', 'epoll_wait']) expect(allowed).toContain(name);
    for (const name of ['mount', 'ptrace', 'bpf', 'chroot', 'init_module', 'setpriority']) {
      expect(allowed).not.toContain(name);
    }
  });

  it('says of each directive why it is there', () => {
    const blocks = readFileSync(unitFile, 'utf8')
      .split('[Service]')[1]
      ?.split('[Install]')[0]
      ?.split(/\n(?=#)/);
    expect(blocks?.filter((block) => block.trim() !== '' && !block.startsWith('#'))).toEqual([]);
  });
});

describe('probes under the system calls and capabilities of the unit', () => {
  let folder = '';
  let script: CompiledScript;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'restage-sandbox-'));
    chmodSync(folder, 0o755);
    script = await compileScript('test/support/probe-once.ts');
    execFileSync('chmod', ['-R', 'a+rX', path.dirname(path.dirname(path.dirname(script.path)))]);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await script.remove();
  });

  it('really are refused what the unit refuses', async () => {
    const words = [...enterSandbox(folder), '/usr/bin/python3', '-c', 'import os; os.setpriority(0, 0, 1)'];
    const [program = '', ...args] = words;
    await expect(execute(program, args)).rejects.toThrow('Operation not permitted');
  });

  it.each(['net-ping', 'ping(8)'])('%s reaches a device and follows the way to it', async (means) => {
    const words = [...enterSandbox(folder), process.execPath, script.path, means, '127.0.0.1', '127.0.0.2'];
    const [program = '', ...args] = words;
    const { stdout } = await execute(program, args);
    expect(JSON.parse(stdout)).toMatchObject({
      target: { received: 3 },
      upstream: { received: 3 },
      route: { reached: true },
    });
  });
});

describeWithEachDatabaseUrl('the bot under the system calls and capabilities of the unit', (createUrl) => {
  it('takes mail in by SMTP, diagnoses by raw socket, opens a ticket and reads logs by SSH', {
    timeout: 120_000,
  }, async (test) => {
    const { folder, dovecot, workspace } = await startSurroundings(test);
    const int38 = await startDistributionServer({
      name: 'int-38',
      folder: path.join(folder, 'int-38'),
      devices: {},
    });
    test.onTestFinished(() => int38.stop());
    const config = writeSiteConfig({
      folder,
      slackApiUrl: workspace.apiUrl,
      dovecot,
      devices: [
        { name: 'int-38', ip: '127.0.38.1', room: '201' },
        { name: 'client-001', ip: '127.0.38.11', room: '113' },
      ],
      thresholds: [{ count: 1, within: '30m' }],
      int38: { server: int38, allow: [] },
    });
    const port = await freePort();
    writeFileSync(config, stringify({ ...parse(readFileSync(config, 'utf8')), intake: { smtp: { port } } }));
    execFileSync('chown', ['-R', String(sandboxUser), folder]);
    chownSync(folder, sandboxUser, sandboxUser);
    const env = siteEnv(dovecot, await createUrl());
    const bot = await startUp(test, { config, env, within: enterSandbox(folder) });
    expect(bot.lastWords()).toContain('"means":"net-ping"');
    await nodemailer.createTransport({ host: '127.0.0.1', port, ignoreTLS: true }).sendMail({
      from: 'cron@int-38.eu.example.net',
      to: 'dist-alerts@example.net',
      subject: 'Distribution of geo-db failed on client-001',
      text: 'Job: J1\nServer: int-38\nDevice: client-001\nPackage: geo-db\nError: connection timed out\n',
    });
    const ticket = await workspace.waitFor(() => topLevel(workspace, 'maint-eu')[0], 'the ticket', 20_000);
    expect(shows(ticket, 'reachable')).toBe(true);
    await workspace.command(ana, 'maint-eu', '/redistribute int-38 since yesterday');
    const answer = await workspace.waitFor(() => topLevel(workspace, 'maint-eu')[1], 'the answer', 20_000);
    await untilShows(workspace, answer, 'No command found');
    expect(await bot.stop()).toBe(0);
  });
});
