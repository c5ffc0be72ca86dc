import { afterEach, expect, it } from 'vitest';
import { compileJsonFailures } from '../../src/alert/json/json-failures.ts';
import { defaultLabels } from '../../src/domain/http-source.ts';
import { admit } from '../../src/workflows/intake/admit.ts';
import type { Deps } from '../../src/workflows/deps.ts';
import { readMetrics } from '../../src/workflows/read-metrics.ts';
import { receiveJson } from '../../src/workflows/intake/receive-json.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import type { Workbench } from '../support/workbench.ts';
import { createWorkbench, start } from '../support/workbench.ts';

const minute = 60_000;
const at = (minutes: number) => new Date(start.getTime() + minutes * minute).toISOString();

describeOnBothDatabases('A1: JSON alerts', (open, itOnce) => {
  let bench: Workbench;
  let deps: Deps;
  afterEach(() => bench.close());

  async function createBot() {
    bench = await createWorkbench(await open());
    const { policies } = bench.deps;
    const sources = new Map([
      ['ops', { name: 'ops', format: 'plain-json', labels: defaultLabels } as const],
      ['prometheus', { name: 'prometheus', format: 'alertmanager', labels: defaultLabels } as const],
    ]);
    const intake = { ...policies.intake, sources, failures: compileJsonFailures([]) };
    deps = { ...bench.deps, policies: { ...policies, intake } };
  }

  function send(source: string, body: unknown, idempotencyKey: string | null = null) {
    const take = (mails: Parameters<typeof admit>[1]) => admit(deps, mails, null);
    const bytes = typeof body === 'string' ? body : JSON.stringify(body);
    return receiveJson(deps, take, source, new TextEncoder().encode(bytes), idempotencyKey);
  }

  const accepted = { state: 'accepted', gate: 'node', reason: 'reporting-node-listed' } as const;
  const sums = () => bench.deps.store.transaction((tx) => tx.sums());
  const alert = { device: 'int-58', failure: 'connection timed out', package: 'geo-db' };
  const firing = (device: string, startsAt: string, status = 'firing') => ({
    status,
    labels: { alertname: 'SyncFailed', instance: `${device}:9100` },
    startsAt,
    endsAt: at(5),
    fingerprint: `f-${device}`,
  });

  it('go through the same door: three of them make a ticket', async () => {
    await createBot();
    expect(await send('ops', [alert, { ...alert, at: at(-1) }, { ...alert, at: at(-2) }])).toEqual({
      alerts: [accepted, accepted, accepted],
    });
    await bench.work();
    expect(bench.workspace.messages('maint-eu').filter(({ threadTs }) => !threadTs)).toHaveLength(1);
    expect((await sums()).mails.accepted).toBe(3);
  });

  itOnce('a group that Alertmanager sends again and again counts once, however it grows', async () => {
    await createBot();
    const [one, two] = [firing('int-38', at(0)), firing('int-58', at(1))];
    for (const alerts of [[one], [one, two], [two, one], [one, two]]) {
      await send('prometheus', { version: '4', status: 'firing', groupKey: '{}', alerts });
    }
    expect((await sums()).alerts.counted).toBe(2);
    await send('prometheus', { version: '4', alerts: [firing('int-38', at(3))] });
    expect((await sums()).alerts.counted).toBe(3);
  });

  it('a resolved one is no alert', async () => {
    await createBot();
    const resolved = firing('int-38', at(0), 'resolved');
    expect(await send('prometheus', { version: '4', alerts: [resolved] })).toEqual({
      alerts: [{ state: 'ignored', gate: 'format', reason: 'recovery' }],
    });
    expect(await sums()).toMatchObject({ mails: { ignored: 1 }, alertsInMails: 0 });
  });

  it.each([
    ['without a key or a time, each counts: four failures are four', alert, [null, null, null, null], 4],
    ['with a time, the same words are the same alert', { ...alert, at: at(0) }, [null, null, null], 1],
    ['with an id, too', { ...alert, id: 'A-1' }, [null, null], 1],
    ['a request that is repeated with its key counts once', alert, ['k', 'k', 'k'], 1],
    ['another key is another request', alert, ['k', 'l'], 2],
  ])('%s', async (_what, body, keys, counted) => {
    await createBot();
    for (const key of keys) await send('ops', body, key);
    expect((await sums()).alertsInMails).toBe(counted);
  });

  itOnce('two sources that say the same are two', async () => {
    await createBot();
    const body = { alerts: [{ ...alert, at: at(0), labels: { instance: 'int-58' } }] };
    await send('ops', body, 'k');
    await send('prometheus', body, 'k');
    expect((await sums()).alertsInMails).toBe(2);
  });

  itOnce('all of a request are committed, or none', async () => {
    await createBot();
    const away = new Error('the database is away');
    const refuse = () => Promise.reject(away);
    const body = new TextEncoder().encode(JSON.stringify([alert, alert]));
    await expect(receiveJson(deps, refuse, 'ops', body, null)).rejects.toBe(away);
    expect((await sums()).mails.accepted).toBe(0);
  });

  itOnce('a group of Alertmanager’s is taken however large it is, in parts', async () => {
    await createBot();
    const batches: number[] = [];
    const take = async (mails: Parameters<typeof admit>[1]) => {
      batches.push(mails.length);
      return mails.map(() => accepted);
    };
    const warnings: unknown[] = [];
    const log = { ...deps.log, warn: (fields: object) => void warnings.push(fields) };
    const alerts = Array.from({ length: 2_300 }, (_, index) => firing(`int-${index}`, at(0)));
    const body = new TextEncoder().encode(JSON.stringify({ alerts, truncatedAlerts: 7 }));
    const received = await receiveJson({ ...deps, log }, take, 'prometheus', body, null);
    expect(received).toMatchObject({ alerts: { length: 2_300 } });
    expect(batches).toEqual([1_000, 1_000, 300]);
    expect(warnings).toEqual([{ source: 'prometheus', left: 7 }]);
  });

  itOnce.each(['{', '\u{FFFD}', '7', '{"alerts": "none"}'])(
    '%j is refused, and nothing is kept',
    async (body) => {
      await createBot();
      expect(await send('ops', body)).toEqual({ fault: expect.any(String) });
      expect((await sums()).mails).toEqual({ accepted: 0, rejected: 0, ignored: 0, 'dead-letter': 0 });
    },
  );

  itOnce('one that names no device is kept as a dead letter', async () => {
    await createBot();
    await send('ops', [alert, { failure: 'timeout' }]);
    expect((await sums()).mails).toMatchObject({ accepted: 1, 'dead-letter': 1 });
  });

  it('shows in the metrics how late the last one was', async () => {
    await createBot();
    await send('ops', alert);
    bench.pass(30_000);
    expect(await readMetrics(deps)).toMatchObject({
      mails: { accepted: 1 },
      deliveries: { pending: 0, failed: 0 },
      lagSeconds: { 'http:ops': 0 },
      lastMailSeconds: { 'http:ops': 30 },
    });
  });
});
