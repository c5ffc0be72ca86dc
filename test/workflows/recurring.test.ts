import { afterEach, expect, it } from 'vitest';
import { compileFormats } from '../../src/alert/formats.ts';
import { plainFormat } from '../../src/alert/shipped-formats.ts';
import { indexInventory } from '../../src/domain/inventory-index.ts';
import type { Policies } from '../../src/workflows/deps.ts';
import { handleCommand } from '../../src/workflows/handle-command.ts';
import { sweep } from '../../src/workflows/sweep.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { topLevel } from '../support/messages.ts';
import { recoveryFormat } from '../support/recovery-format.ts';
import { alertMail, createWorkbench, deviceAt, type Workbench } from '../support/workbench.ts';

const hour = 3_600_000;
const formats = compileFormats([recoveryFormat, plainFormat]);

describeOnBothDatabases('what fails again and again', (open, itOnce) => {
  let bench: Workbench;
  afterEach(() => bench.close());

  /** It is noon of Monday, 23 November, in UTC; one failure makes a ticket. */
  const begin = async (changed: Partial<Policies> = {}) => {
    bench = await createWorkbench(await open(), { formats, ...changed });
    const thresholds = bench.deps.policies.thresholds.map((rule) => ({ ...rule, count: 1 }));
    Object.assign(bench.deps.policies, { thresholds });
  };
  const settle = async () => {
    bench.jobs.push(...(await sweep(bench.deps)));
    await bench.work();
  };
  const fail = async (device = 'int-58', fields = {}) => {
    await bench.receive(alertMail(device, bench.now(), fields));
    bench.pass(3_000);
    await settle();
  };
  const recover = async (device = 'int-58', fields = {}) => {
    const mail = alertMail(device, bench.now(), fields);
    const text = new TextDecoder().decode(mail.source).replace('[restage] FAILED', 'RECOVERED');
    await bench.receive({ ...mail, source: new TextEncoder().encode(text) });
    bench.pass(3_000);
    await settle();
  };
  const at = (time: string) => bench.pass(new Date(`2026-11-${time}:00Z`).getTime() - bench.now().getTime());
  const cards = () => topLevel(bench.workspace, 'maint-eu').map((one) => JSON.stringify(one.blocks));
  const lastCard = () => cards().at(-1) ?? '';
  const ask = async (text: string) => {
    const person = { teamId: 'T0', userId: 'U0ANA' };
    const about = { channel: 'C0EU', responseUrl: '', triggerId: '', person };
    const command = { deliveryKey: `${text} ${bench.now().getTime()}`, command: '/restage', text, ...about };
    return JSON.stringify(await handleCommand(bench.deps, command));
  };

  it('says after five nights in the ticket, in why and in the handover how many they were, with the ticket before', async () => {
    await begin();
    const told: boolean[] = [];
    for (const date of ['24', '25', '26', '27', '28']) {
      at(`${date}T02:00`);
      await fail();
      told.push(lastCard().includes('nights'));
      at(`${date}T08:00`);
      if (date !== '28') await recover();
    }
    expect(cards()).toHaveLength(5);
    expect(told).toEqual([false, false, true, true, true]);
    const said = /in 5 of the last 5 nights · <http[^|]+\|the ticket before>: 4/;
    expect(lastCard()).toMatch(new RegExp(`Failed ${said.source}`));
    expect(cards()[3]).toMatch(/Failed in 4 of the last 5 nights · <http[^|]+\|the ticket before>: 3/);
    expect(await ask('why #5')).toMatch(new RegExp(`Again and again.*Failed ${said.source}`));
    expect(await ask('why #1')).not.toContain('nights');
    expect(await ask('handover')).toMatch(
      /`int-58` connection error: failed in 5 of the last 5 nights \(ticket 5\) · <http[^|]+\|the ticket before>: 4/,
    );
  });

  itOnce('counts nights by the zone of the region, and failures that made no ticket', async () => {
    const regionZones = new Map([['EU', 'Asia/Tokyo']]);
    await begin({ zones: { siteZone: 'UTC', sourceZones: [], regionZones } });
    const thresholds = bench.deps.policies.thresholds.map((rule) => ({ ...rule, count: 3, withinMs: hour }));
    Object.assign(bench.deps.policies, { thresholds });
    // 05:00 in Tokyo.
    for (const date of ['23', '24']) {
      at(`${date}T20:00`);
      await fail();
    }
    at('25T20:00');
    for (let n = 0; n < 3; n += 1) await fail();
    expect(cards()).toHaveLength(1);
    expect(lastCard()).toMatch(/Failed in 3 of the last 5 nights(?! ·)/);
  });

  itOnce('counts what failed under a name that the device had, at the address that it has', async () => {
    await begin();
    for (const date of ['24', '25']) {
      at(`${date}T02:00`);
      await fail('int-58');
      at(`${date}T08:00`);
      await recover('int-58');
    }
    const devices = bench.deps.inventory.all().filter(({ name }) => name !== 'int-58');
    const inventory = indexInventory([...devices, deviceAt('int-60', '10.58.0.1', 'int-38')]);
    Object.assign(bench.deps, { inventory });
    at('26T02:00');
    await fail('10.58.0.1');
    expect(lastCard()).toMatch(
      /int-60.*Failed in 3 of the last 5 nights · <http[^|]+\|the ticket before>: 2/,
    );
  });

  itOnce('names the failure of a ticket that shares the message', async () => {
    await begin();
    for (const date of ['24', '25']) {
      at(`${date}T02:00`);
      await fail('int-58', { Failure: 'permission denied' });
      at(`${date}T08:00`);
      await recover('int-58', { Failure: 'permission denied' });
    }
    at('26T02:00');
    await fail('int-58');
    await fail('int-58', { Failure: 'permission denied' });
    expect(cards()).toHaveLength(3);
    expect(lastCard()).toMatch(
      /access failure: failed in 3 of the last 5 nights · <http[^|]+\|the ticket before>: 2/,
    );
  });
});
