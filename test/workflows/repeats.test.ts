import { afterEach, expect, it } from 'vitest';
import { compileJsonFailures } from '../../src/alert/json/json-failures.ts';
import { compileFormats } from '../../src/alert/formats.ts';
import { plainFormat } from '../../src/alert/shipped-formats.ts';
import type { AlertFormat } from '../../src/domain/policy.ts';
import { defaultLabels } from '../../src/domain/http-source.ts';
import { admit } from '../../src/workflows/intake/admit.ts';
import { receiveJson } from '../../src/workflows/intake/receive-json.ts';
import { sweep } from '../../src/workflows/sweep.ts';
import { changeTicket } from '../../src/workflows/ticket/change-ticket.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { alertMail, createWorkbench, start, type Workbench } from '../support/workbench.ts';
import { rule } from '../threshold/rules.ts';

const minute = 60_000;
const hour = 60 * minute;
const after = (minutes: number) => new Date(start.getTime() + minutes * minute);
const ana = { teamId: 'T', userId: 'U0ANA' };

const recoveryFormat: AlertFormat = {
  ...plainFormat,
  name: 'back',
  literals: [{ in: 'subject', text: 'RECOVERED' }],
  match: [{ in: 'subject', pattern: 'RECOVERED' }],
  recovers: [{ in: 'subject', pattern: 'RECOVERED' }],
};

describeOnBothDatabases('A9: an alert that is said again', (open, itOnce) => {
  let bench: Workbench;
  afterEach(() => bench.close());

  const setUp = async (count = 3) => {
    const { policies } = await createWorkbenchWith(count);
    return policies;
  };
  async function createWorkbenchWith(count: number) {
    const formats = compileFormats([recoveryFormat, plainFormat]);
    const thresholds = [rule({ id: 'every', count, withinMs: 24 * hour })];
    bench = await createWorkbench(await open(), { formats, thresholds });
    const { policies } = bench.deps;
    const source = { name: 'prometheus', format: 'alertmanager', labels: defaultLabels } as const;
    const intake = {
      ...policies.intake,
      sources: new Map([['prometheus', source]]),
      failures: compileJsonFailures([]),
    };
    Object.assign(bench.deps, { policies: { ...policies, intake } });
    return bench.deps;
  }
  const settle = async (ms = 3_000) => {
    bench.pass(ms);
    bench.jobs.push(...(await sweep(bench.deps)));
    await bench.work();
  };
  const said = (id: string, at: number, fields = {}) =>
    alertMail('int-58', after(at), { 'Alert-Id': id, ...fields });
  const recovered = (at: number) => {
    const mail = alertMail('int-58', after(at));
    const text = new TextDecoder().decode(mail.source).replace('[restage] FAILED', 'RECOVERED');
    return { ...mail, source: new TextEncoder().encode(text) };
  };
  const ticket = (id = 1) => bench.deps.store.transaction((tx) => tx.ticket(id));
  const resolve = () =>
    bench.deps.store.transaction((tx) => changeTicket(bench.deps, tx, 1, { event: 'resolve', by: ana }));
  const notify = async (status: 'firing' | 'resolved', ...names: readonly string[]) => {
    const alerts = names.map((name) => ({
      status,
      labels: { alertname: name, instance: 'int-58:9100' },
      annotations: { summary: 'connection timed out' },
      startsAt: after(0).toISOString(),
      ...(status === 'resolved' && { endsAt: bench.now().toISOString() }),
      fingerprint: `f-${name}`,
    }));
    const take = (mails: Parameters<typeof admit>[1]) => admit(bench.deps, mails, null);
    const body = new TextEncoder().encode(JSON.stringify({ version: '4', alerts }));
    await receiveJson(bench.deps, take, 'prometheus', body, null);
    await settle();
  };

  it('with the same id counts once, however often and in whatever mail it comes', async () => {
    await setUp();
    for (const at of [0, 1, 2, 3]) await bench.receive(said('A-1', at));
    await settle();
    expect(await ticket()).toBeNull();
    await bench.receive(said('A-2', 4), said('A-3', 5));
    await settle();
    expect(await ticket()).toMatchObject({ alertCount: 3 });
  });

  itOnce('without an id counts once for the same symptom at the same time', async () => {
    await setUp(2);
    const alike = [0, 1].map(() => {
      const mail = alertMail('int-58', start);
      const text = new TextDecoder().decode(mail.source).replace(/Alert-Id: .*\r\n/, '');
      return { ...mail, source: new TextEncoder().encode(text) };
    });
    await bench.receive(...alike);
    await settle();
    expect(await ticket()).toBeNull();
  });

  it('opens its ticket again that was closed before, and changes nothing that was closed after it', async () => {
    await setUp(1);
    await bench.receive(said('A-1', 0));
    await settle(10 * minute);
    await resolve();
    await bench.receive(said('A-1', 5));
    await settle();
    expect(await ticket()).toMatchObject({ state: 'resolved' });
    await bench.receive(said('A-1', 30));
    await settle();
    expect(await ticket()).toMatchObject({ state: 'open', reason: 'still-fails' });
    expect(await ticket(2)).toBeNull();
  });

  it('with the same id after it was cleared is a new occurrence', async () => {
    await setUp();
    for (const at of [0, 20, 40]) {
      await bench.receive(said('A-1', at));
      await bench.receive(recovered(at + 10));
    }
    await settle();
    expect(await ticket()).toMatchObject({ alertCount: 3 });
  });

  it('of four firings of Alertmanager one resolved clears one, and the last one closes the ticket', async () => {
    await setUp();
    await notify('firing', 'A', 'B', 'C', 'D');
    expect(await ticket()).toMatchObject({ state: 'open', alertCount: 4 });
    for (const name of ['B', 'A', 'D']) {
      bench.pass(minute);
      await notify('resolved', name);
      expect(await ticket()).toMatchObject({ state: 'open' });
    }
    await settle();
    const shown = JSON.stringify(bench.workspace.messages('maint-eu')[0]?.blocks);
    expect(shown).toContain('1 of 4 still failing');
    bench.pass(minute);
    await notify('resolved', 'C');
    expect(await ticket()).toMatchObject({ state: 'resolved', reason: 'recovery-mail' });
  });

  it('by Alertmanager as lasting opens its ticket again, and once it was resolved no more', async () => {
    await setUp(1);
    await notify('firing', 'A');
    await resolve();
    bench.pass(4 * hour);
    await notify('firing', 'A');
    expect(await ticket()).toMatchObject({ state: 'open', reason: 'still-fails', alertCount: 1 });
    bench.pass(hour);
    await notify('resolved', 'A');
    expect(await ticket()).toMatchObject({ state: 'resolved' });
    await notify('firing', 'A');
    expect(await ticket()).toMatchObject({ state: 'resolved' });
  });
});
