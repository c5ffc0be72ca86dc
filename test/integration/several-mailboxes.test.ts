import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SMTPServer } from 'smtp-server';
import { expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { shippedFormats } from '../../src/alert/shipped-formats.ts';
import { createApp } from '../../src/app.ts';
import { runCli } from '../../src/cli/cli.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { startWorkspace } from '../../src/demo/workspace/workspace.ts';
import { type Dovecot, startDovecot } from '../support/dovecot.ts';
import { silentLog } from '../support/silent-log.ts';
import { people, tokens } from '../support/site-config.ts';

const token = 'a-token-of-good-length';
const env = {
  ...tokens,
  RESTAGE_IMAP_GOOD_PASSWORD: 'correct-horse',
  RESTAGE_IMAP_BROKEN_PASSWORD: 'wrong-horse',
  RESTAGE_HTTP_OPS_TOKEN: token,
};

it('A1: of two mailboxes one refuses the password: the other goes on, and the failure is told once', async () => {
  const { dovecot, workspace, app, config, httpUrl } = await startSite();

  // Both have mail; that of the good one comes in, before and after.
  await dovecot.deliver('broken', alert(1));
  await dovecot.deliver('good', alert(2));
  const mails = () =>
    app.deps.store.transaction((tx) => tx.storedMails({ state: null, since: null, limit: 9 }));
  await expect
    .poll(async () => (await mails()).map(({ via }) => via), { timeout: 15_000 })
    .toContain('imap:good');
  await dovecot.deliver('good', alert(3));
  await expect.poll(async () => (await mails()).filter(({ state }) => state === 'accepted').length).toBe(2);

  // The probe went out by SMTP and came back through the good mailbox, whose sender is on no list.
  await expect
    .poll(async () => (await mails()).map(({ state, reason }) => `${state} ${reason}`), { timeout: 15_000 })
    .toContain('ignored probe');

  // The broken one is reported in the fallback channel, once, without its password.
  const told = () => workspace.messages('maint-unknown');
  await workspace.waitFor(() => told()[0]?.text.includes('login refused'), 'the report', 60_000);
  expect(told()).toHaveLength(1);
  expect(told()[0]?.text).toMatch(/`broken` can not be reached \(login refused: check user and password\)/);
  expect(JSON.stringify(told())).not.toContain('horse');

  // The same door over HTTP.
  const posted = await fetch(`${httpUrl}/alerts`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body: JSON.stringify({ device: 'stranger-1', failure: 'timeout' }),
  });
  expect([posted.status, await posted.json()]).toEqual([200, expect.objectContaining({ received: 1 })]);
  const health = await fetch(`${httpUrl}/healthz`);
  expect([health.status, await health.text()]).toEqual([503, expect.stringContaining('imap:broken')]);
  const metrics = await (await fetch(`${httpUrl}/metrics`)).text();
  for (const line of [
    'restage_mails{state="accepted"} 2',
    'restage_intake_connected{intake="imap:good"} 1',
    'restage_intake_connected{intake="imap:broken"} 0',
  ]) {
    expect(metrics).toContain(line);
  }

  // The command line lets the stranger's alert in, through the control socket of the running bot.
  const [rejected] = JSON.parse(
    `[${(await restage(config, 'mails', '--state', 'rejected', '--json')).out}]`,
  ) as [{ id: number }];
  expect(await restage(config, 'readmit', String(rejected.id))).toMatchObject({ exitCode: 0 });
  expect(await restage(config, 'readmit', String(rejected.id))).toMatchObject({ exitCode: 1 });
  expect((await restage(config, 'explain', '--id', String(rejected.id))).out).toMatch(
    /re-admitted {2}by=terminal\//,
  );
}, 120_000);

async function startSite() {
  const folder = mkdtempSync(path.join(tmpdir(), 'restage-mailboxes-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const dovecot = await startDovecot();
  onTestFinished(() => dovecot.stop());
  const channels = [{ id: 'C0UNKNOWN', name: 'maint-unknown' }];
  const workspace = await startWorkspace({
    users: people,
    channels,
    botToken: tokens.SLACK_BOT_TOKEN,
    appToken: tokens.SLACK_APP_TOKEN,
  });
  onTestFinished(() => workspace.close());
  const config = writeConfig(folder, dovecot, workspace.apiUrl, await startRelay(dovecot));
  const loaded = loadConfig(config, env, {
    shippedFormatNames: Object.keys(shippedFormats),
    requireSecrets: true,
  });
  const app = await createApp(loaded, { log: silentLog });
  onTestFinished(() => app.stop());
  await app.start();
  return { dovecot, workspace, app, config, httpUrl: `http://127.0.0.1:${app.httpPort()}` };
}

/** The site's mail relay: what it takes goes to the good mailbox. */
async function startRelay(dovecot: Dovecot): Promise<number> {
  const relay = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        void dovecot.deliver('good', Buffer.concat(chunks)).finally(done);
      });
    },
  });
  const server = relay.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => new Promise((resolve) => relay.close(resolve)));
  return (server.address() as AddressInfo).port;
}

function writeConfig(folder: string, dovecot: Dovecot, apiUrl: string, relayPort: number): string {
  writeFileSync(path.join(folder, 'mail-ca.pem'), dovecot.tlsCa);
  const mailbox = { host: '127.0.0.1', port: dovecot.imapsPort, tlsCaFile: 'mail-ca.pem' };
  const file = path.join(folder, 'restage.yaml');
  const config = {
    database: { dataDir: './data' },
    slack: { apiUrl },
    health: { port: 0 },
    intake: {
      imap: [
        { name: 'broken', ...mailbox, user: 'broken' },
        { name: 'good', ...mailbox, user: 'good' },
      ],
      http: { port: 0, sources: [{ name: 'ops' }] },
    },
    heartbeat: {
      disconnectedAfter: '1s',
      probe: {
        relay: { host: '127.0.0.1', port: relayPort },
        from: 'restage@elsewhere.example',
        to: 'good@localhost',
      },
    },
    validation: { domains: ['example.net'], nodes: ['int-*'] },
  };
  writeFileSync(file, stringify(config));
  return file;
}

function alert(number: number): string {
  const lines = [
    `Message-ID: <${number}@int-38.example.net>`,
    'Subject: [restage] FAILED',
    'From: restage@int-38.example.net',
    '',
    'Device: int-38',
    'Failure: connection timed out',
    '',
  ];
  return lines.join('\r\n');
}

async function restage(config: string, ...words: string[]): Promise<{ exitCode: number; out: string }> {
  let out = '';
  const stream = { write: (text: string) => (out += text) };
  const terminal = { env: {}, stdout: stream, stderr: stream, onStopSignal: () => {} };
  const exitCode = await runCli(['node', 'restage', ...words, '-c', config], terminal);
  return { exitCode, out };
}
