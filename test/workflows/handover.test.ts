import { afterEach, expect, it } from 'vitest';
import type { PagingPolicy } from '../../src/domain/paging.ts';
import type { Policies } from '../../src/workflows/deps.ts';
import { handleCommand } from '../../src/workflows/handle-command.ts';
import { noteOutage } from '../../src/workflows/outage/note-outage.ts';
import { sweep } from '../../src/workflows/sweep.ts';
import { rotation, wall } from '../paging/schedules.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { shows, topLevel } from '../support/messages.ts';
import { alertMail, createWorkbench, deviceAt, type Workbench } from '../support/workbench.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Ana until 20:00 UTC, then Ben, twelve hours each. */
const paging: PagingPolicy = {
  schedules: [
    rotation({ timeZone: 'UTC', everyMs: 12 * hour, start: wall('2026-11-23T08:00') }),
    rotation({ name: 'backup', timeZone: 'UTC', everyMs: 12 * hour, start: wall('2026-11-23T08:00') }),
  ],
  policies: [
    {
      ...{ name: 'eu-default', repeat: 0, repeatAfterMs: 600_000, quietHours: null },
      steps: [
        {
          afterMs: day,
          notify: [
            { kind: 'schedule', name: 'eu-primary' },
            { kind: 'schedule', name: 'backup' },
          ],
        },
      ],
    },
  ],
  rules: [
    { id: 'paging.rules[0]', region: 'eu', failure: null, device: null, group: null, policy: 'eu-default' },
  ],
};
/** Each with the one above it. */
const devices = [
  deviceAt('int-1', '10.1.0.1', null),
  deviceAt('int-2', '10.1.0.2', 'int-1'),
  deviceAt('int-3', '10.1.0.3', 'int-1'),
  deviceAt('int-4', '10.1.0.4', 'int-3'),
];

describeOnBothDatabases('handover', (open, itOnce) => {
  let bench: Workbench;
  afterEach(() => bench.close());

  const begin = async (changed: Partial<Policies> = {}) => {
    bench = await createWorkbench(await open(), { paging, ...changed }, devices);
  };
  const fail = async (name: string, fields = {}) => {
    const now = bench.now().getTime();
    await bench.receive(...[0, 1, 2].map((n) => alertMail(name, new Date(now + n), fields)));
    await bench.work();
  };
  const person = { teamId: 'T0', userId: 'U0ANA' };
  const about = { channel: 'C0EU', responseUrl: '', triggerId: '', person };
  const ask = async (text: string) => {
    const command = { deliveryKey: `${text} ${bench.now().getTime()}`, command: '/restage', text, ...about };
    return JSON.stringify(await handleCommand(bench.deps, command));
  };
  const handovers = () => topLevel(bench.workspace, 'maint-eu').filter((one) => shows(one, 'Handover'));
  const sweepAll = async (...bots: readonly Workbench['deps'][]) => {
    for (const jobs of await Promise.all(bots.map((bot) => sweep(bot)))) bench.jobs.push(...jobs);
    await bench.work();
  };

  it('is posted once at a shift’s end, by whichever bot, into the channel of the region', async () => {
    await begin();
    await fail('int-1');
    await sweepAll(bench.deps);
    expect(handovers()).toHaveLength(0);
    bench.pass(8 * hour);
    await sweepAll(bench.deps, { ...bench.deps }, { ...bench.deps });
    expect(handovers()).toHaveLength(1);
    const [post] = handovers();
    expect(post?.text).toBe('Handover eu: <@U0ANA> → <@U0BEN> · 1 open');
    expect(post && shows(post, 'int-1: connection error')).toBe(true);
    bench.pass(hour);
    await sweepAll(bench.deps, { ...bench.deps });
    expect(handovers()).toHaveLength(1);
    bench.pass(11 * hour);
    await sweepAll(bench.deps);
    expect(handovers().at(-1)?.text).toMatch(/^Handover eu: <@U0BEN> → <@U0ANA>/);
    expect(handovers()).toHaveLength(2);
  });

  itOnce(
    'is not posted where there is nothing, nor long after the shift; on request it is a line',
    async () => {
      await begin();
      bench.pass(8 * hour);
      await sweepAll(bench.deps);
      expect(handovers()).toHaveLength(0);
      expect(await ask('handover')).toContain('Nothing is open, held or out.');
      bench.pass(9 * hour);
      await fail('int-1');
      await sweepAll(bench.deps);
      expect(handovers()).toHaveLength(0);
    },
  );

  it('tells what is open, held, out, quiet, failing again and again, and closed by itself', async () => {
    await begin();
    bench.silent.add('int-4');
    for (let n = 0; n < 4; n += 1) {
      await fail('int-1');
      if (n === 0) await fail('int-2');
      bench.pass(day);
    }
    await fail('int-1');
    bench.silent.add('int-3');
    await fail('int-3');
    await noteOutage(bench.deps, { deliveryKey: 'o', command: '/restage', text: '', ...about }, [
      ...['int-4', '2h', 'cabling'],
    ]);
    bench.pass(1000);
    const told = await ask('handover eu');
    expect(told).toMatch(/\*Open\* \(\d\).*int-1: connection error/);
    expect(told).toMatch(
      /\*Quiet, not known to be repaired\* \(1\).*int-2: connection error.*quiet for 4 days/,
    );
    expect(told).toMatch(/\*Out for maintenance\* \(1\).*`int-4` until .*cabling/);
    expect(told).toMatch(
      /\*Failing again and again\* \(1\).*`int-1` connection error: failed on 5 of the last 5 days/,
    );
    expect(await ask('handover EU')).toContain('Handover eu');
    expect(await ask('handover uu')).toMatch(/is no region.*Did you mean `eu`/);
  });

  itOnce('tells until when a ticket waits for its digest, and how long what is held can be', async () => {
    const hold = { every: 'day', atMinutes: [18 * 60], weekday: null, timeZone: 'UTC' } as const;
    const regions = [{ name: 'eu', channel: 'maint-eu', domains: [], hold }];
    await begin({
      routing: { regions, fallbackChannel: 'maint-unknown', rules: [], buildings: [], urgent: [] },
    });
    await fail('int-1');
    bench.silent.add('int-3').add('int-4');
    await fail('int-4');
    const told = await ask('handover');
    expect(told).toMatch(/\*Waiting for a digest\* \(1\).*int-1: connection error.*goes out .*18:00 UTC/);
    expect(told).toMatch(/\*Held\* \(1\).*`int-4`: 3 alerts, network unclear, next look/);
  });

  itOnce('tells what has closed by itself since the shift began, and not what closed before', async () => {
    await begin();
    bench.silent.add('int-2');
    await fail('int-2');
    bench.silent.clear();
    bench.pass(3 * hour);
    await sweepAll(bench.deps);
    expect(await ask('handover')).toMatch(
      /\*Closed by itself\* \(1\).*`int-2` connection error: quiet and answering/,
    );
    bench.pass(6 * hour);
    expect(await ask('handover')).not.toContain('Closed by itself');
  });
});
