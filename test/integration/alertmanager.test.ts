import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileJsonFailures } from '../../src/alert/json/json-failures.ts';
import { defaultLabels } from '../../src/domain/http-source.ts';
import { admit } from '../../src/workflows/intake/admit.ts';
import { receiveJson } from '../../src/workflows/intake/receive-json.ts';
import { onPglite } from '../support/databases.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

const program = '/usr/bin/prometheus-alertmanager';

interface Notified {
  readonly status: string;
  readonly labels: { readonly alertname: string };
}

/** Debian's Alertmanager, whose webhook leads to the bot. */
interface Alertmanager {
  fire(...names: readonly string[]): Promise<void>;
  resolve(name: string): Promise<void>;
  stop(): Promise<void>;
}

async function startAlertmanager(webhook: string): Promise<Alertmanager> {
  const folder = mkdtempSync(path.join(tmpdir(), 'restage-alertmanager-'));
  const config = path.join(folder, 'alertmanager.yml');
  const waits = 'group_wait: 100ms, group_interval: 500ms, repeat_interval: 500ms';
  writeFileSync(
    config,
    `route: { receiver: restage, group_by: [instance], ${waits} }\n` +
      `receivers: [{ name: restage, webhook_configs: [{ url: '${webhook}', send_resolved: true }] }]\n`,
  );
  const flags = ['--web.listen-address=127.0.0.1:0', '--cluster.listen-address=', '--log.level=debug'];
  const child = spawn(program, [`--config.file=${config}`, `--storage.path=${folder}/data`, ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const address = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (piece: Buffer) => {
      said += piece.toString();
      const listening = /address=(127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (listening !== undefined) resolve(listening);
    });
    child.once('exit', () => reject(new Error(`Alertmanager ended:\n${said}`)));
  });
  const send = async (alerts: readonly object[]) => {
    const body = JSON.stringify(alerts);
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch(`http://${address}/api/v2/alerts`, { method: 'POST', headers, body });
    expect(status).toBe(200);
  };
  const labels = (alertname: string) => ({ alertname, instance: 'int-58:9100', severity: 'critical' });
  const annotations = { summary: 'connection timed out' };
  const began = new Date();
  return {
    fire: (...names) =>
      send(names.map((name) => ({ labels: labels(name), annotations, startsAt: began.toISOString() }))),
    resolve: (name) =>
      send([
        {
          labels: labels(name),
          annotations,
          startsAt: began.toISOString(),
          endsAt: new Date().toISOString(),
        },
      ]),
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}

describe('A17: the real Alertmanager', () => {
  const open = onPglite();
  let bench: Workbench;
  let alertmanager: Alertmanager;
  let notifications: Notified[][] = [];
  let waiting: (() => void)[] = [];
  const server = createServer((request, response) => void answer(request).then(() => response.end()));

  async function answer(request: IncomingMessage): Promise<void> {
    const body = await text(request);
    bench.pass(Date.now() - bench.now().getTime());
    const take = (mails: Parameters<typeof admit>[1]) => admit(bench.deps, mails, null);
    await receiveJson(bench.deps, take, 'prometheus', new TextEncoder().encode(body), null);
    await bench.work();
    notifications.push((JSON.parse(body) as { alerts: Notified[] }).alerts);
    for (const wake of waiting.splice(0)) wake();
  }

  /** Resolves when a notification has come that fits. */
  async function until(fits: (alerts: readonly Notified[]) => boolean): Promise<void> {
    notifications = [];
    while (!notifications.some(fits))
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
  }
  const names = (alerts: readonly Notified[], status: string) =>
    alerts.filter((one) => one.status === status).map(({ labels }) => labels.alertname);

  beforeAll(async () => {
    bench = await createWorkbench(await open());
    const { policies } = bench.deps;
    const source = { name: 'prometheus', format: 'alertmanager', labels: defaultLabels } as const;
    const sources = new Map([['prometheus', source]]);
    const intake = { ...policies.intake, sources, failures: compileJsonFailures([]) };
    Object.assign(bench.deps, { policies: { ...policies, intake } });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    alertmanager = await startAlertmanager(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
  afterAll(async () => {
    await alertmanager.stop();
    server.close();
    waiting = [];
    await bench.close();
  });

  const ticket = () => bench.deps.store.transaction((tx) => tx.ticket(1));

  it('fires four alerts that make one ticket, repeats them, and closes it when the last one is resolved', {
    timeout: 60_000,
  }, async () => {
    await alertmanager.fire('A', 'B');
    await until((alerts) => names(alerts, 'firing').length === 2);
    expect(await ticket()).toBeNull();
    await alertmanager.fire('C', 'D');
    await until((alerts) => names(alerts, 'firing').length === 4);
    expect(await ticket()).toMatchObject({ state: 'open', alertCount: 4 });
    await until((alerts) => names(alerts, 'firing').length === 4);
    await until((alerts) => names(alerts, 'firing').length === 4);
    expect(await ticket()).toMatchObject({ state: 'open', alertCount: 4 });
    for (const name of ['B', 'D', 'A']) {
      await alertmanager.resolve(name);
      await until((alerts) => names(alerts, 'resolved').includes(name));
      expect(await ticket()).toMatchObject({ state: 'open' });
    }
    await alertmanager.resolve('C');
    await until((alerts) => names(alerts, 'resolved').includes('C'));
    expect(await ticket()).toMatchObject({ state: 'resolved', reason: 'recovery-mail' });
    expect(bench.workspace.messages('maint-eu').filter(({ threadTs }) => threadTs === null)).toHaveLength(1);
    expect(await bench.deps.store.transaction((tx) => tx.ticket(2))).toBeNull();
  });
});
