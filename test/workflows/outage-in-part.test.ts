import { afterEach, expect, it } from 'vitest';
import type { AlertState } from '../../src/domain/alert.ts';
import type { Scope } from '../../src/domain/policy.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { topLevel } from '../support/messages.ts';
import { alertMail, createWorkbench, start, type Workbench } from '../support/workbench.ts';
import { rule } from '../threshold/rules.ts';

const hour = 3_600_000;

describeOnBothDatabases(
  'A10: a problem of several devices, some of which are out for maintenance',
  (open) => {
    let bench: Workbench;
    afterEach(() => bench.close());

    const setUp = async (over: Scope) => {
      bench = await createWorkbench(await open(), { thresholds: [rule({ over, count: 3, instead: true })] });
    };
    const fail = (device: string, n: number) =>
      bench.receive(...Array.from({ length: n }, () => alertMail(device, start)));
    /** The outage becomes known only when the alerts are counted already. */
    const planFor = (device: string) =>
      bench.deps.store.transaction((tx) =>
        tx.addOutage({
          target: { kind: 'device', name: device },
          from: start,
          until: new Date(start.getTime() + hour),
          reason: 'disk swap',
          source: null,
          uid: null,
          createdBy: 'T0/U0ANA',
        }),
      );
    const alerts = async () => {
      const sums = await bench.deps.store.transaction((tx) => tx.sums());
      const inStates = Object.entries(sums.alerts).filter(([, n]) => n > 0);
      expect(inStates.reduce((total, [, n]) => total + n, 0)).toBe(sums.alertsInMails);
      return Object.fromEntries(inStates) as Partial<Record<AlertState, number>>;
    };

    it.each(['region', 'network', 'building', 'server'] as const)(
      'one device does not speak for a whole %s: the alerts of the others count, and get their ticket',
      async (over) => {
        await setUp(over);
        await fail('dist-01', 3);
        await fail('int-58', 1);
        await planFor('int-58');
        await bench.work();
        expect(await alerts()).toEqual({ voided: 1, ticketed: 3 });
        expect(topLevel(bench.workspace, 'maint-eu')).toHaveLength(1);
      },
    );

    it('what is left is too little: it counts on, without a ticket', async () => {
      await setUp('region');
      await fail('int-58', 2);
      await fail('dist-01', 1);
      await planFor('int-58');
      await bench.work();
      expect(await alerts()).toEqual({ voided: 2, counted: 1 });
      expect(topLevel(bench.workspace, 'maint-eu')).toEqual([]);
      await fail('dist-01', 2);
      await bench.work();
      expect(await alerts()).toEqual({ voided: 2, ticketed: 3 });
    });
  },
);
