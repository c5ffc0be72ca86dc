import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RestageError } from '../../src/domain/errors.ts';
import { actions } from '../../src/messages/actions.ts';
import type { Deps } from '../../src/workflows/deps.ts';
import { handleClick } from '../../src/workflows/handle-click.ts';
import { watchRecoveries } from '../../src/workflows/recovery/watch-recoveries.ts';
import { gather } from '../../src/workflows/redistribution/gather.ts';
import { sweep } from '../../src/workflows/sweep.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import {
  ana,
  hourMs,
  int38,
  logLine,
  prepareRedistributions,
  type RedistributionBench,
} from '../support/redistributions.ts';
import { alertMail, createWorkbench, start, type Workbench } from '../support/workbench.ts';

const minuteMs = 60_000;

describeOnBothDatabases('what may come back', (open, itOnce) => {
  let bench: Workbench;
  let site: RedistributionBench;
  let deps: Deps;
  /** Servers whose SSH port is closed. */
  const closed = new Set<string>();

  beforeEach(async () => {
    const recovery = { stableMs: 3 * minuteMs, everyMs: minuteMs, longestMs: minuteMs, ports: [] };
    bench = await createWorkbench(await open(), { servers: new Map([['int-38', int38]]), recovery });
    site = prepareRedistributions(bench);
    closed.clear();
    const connect = async (_address: string, port: number) =>
      ({ port, result: closed.has('int-38') ? 'refused' : 'open', rttMs: 1 }) as const;
    deps = { ...site.deps, prober: { ...site.deps.prober, connect } };
  });
  afterEach(() => bench.close());

  const watchFor = async (minutes: number) => {
    for (let minute = 0; minute < minutes; minute += 1) {
      bench.pass(minuteMs);
      await watchRecoveries(deps);
    }
    await bench.work();
  };
  const messages = () => bench.workspace.messages('maint-eu');
  const offers = () => messages().filter((one) => JSON.stringify(one).includes('Find what failed'));
  const isOffer = (text: string) => text.includes('back') && text.includes(':satellite:');
  const offered = () => messages().filter(({ text }) => isOffer(text));
  const failDelivery = async (fields: Readonly<Record<string, string>> = {}) => {
    await bench.receive(...[1, 2, 3].map(() => alertMail('int-58', start, fields)));
    await bench.work();
  };
  const ticket = (id = 1) => deps.store.transaction((tx) => tx.ticket(id));
  const underWay = () => deps.store.transaction((tx) => tx.redistributionsOf(null, ['gathering']));
  const press = async (actionId: string, value: string) => {
    const click = { actionId, value, person: ana, channel: 'C0EU', messageTs: '1', triggerId: '' };
    await handleClick(deps, { ...click, responseUrl: '', deliveryKey: `${actionId} ${value}` });
    // A message is edited every 2 s at most.
    bench.pass(2000);
    await bench.work();
  };

  it('B2, B4: is repaired and offered once when it is stable, and a click finds what failed', async () => {
    bench.silent.add('int-58');
    await failDelivery();
    await watchFor(1);
    bench.silent.delete('int-58');
    await watchFor(3);
    expect(offered()).toEqual([]);
    expect(await ticket()).toMatchObject({ state: 'open' });
    await watchFor(3);
    expect(offered()).toHaveLength(1);
    expect(JSON.stringify(offered())).toContain('1 failed delivery of `int-38` for `int-58`');
    expect(await ticket()).toMatchObject({ state: 'repaired', reason: 'came-back', repairedBy: null });

    const offer = await deps.store.transaction((tx) => tx.openOffer('int-38'));
    await press(actions.recoveryRedistribute, offer?.id ?? '');
    expect(await underWay()).toMatchObject([
      { server: 'int-38', recipients: ['int-58'], requestedBy: ana, period: { from: start } },
    ]);
    expect(JSON.stringify(offered())).toContain('Taken up by <@U0ANA>');
    expect(offers().every((one) => !isOffer(one.text))).toBe(true);
    await watchFor(5);
    expect(offered()).toHaveLength(1);
  });

  it('B2, B4: two bots that look at the same time tell and offer it once', async () => {
    bench.silent.add('int-58');
    await failDelivery();
    for (const isSilent of [true, false, true, false, true, false, false, false, false]) {
      if (isSilent) bench.silent.add('int-58');
      else bench.silent.delete('int-58');
      bench.pass(minuteMs);
      await Promise.all([watchRecoveries(deps), watchRecoveries(deps)]);
    }
    await bench.work();
    expect(messages().filter(({ text }) => text.includes('goes up and down'))).toHaveLength(1);
    expect(offered()).toHaveLength(1);
  });

  it('B4: what comes back next is added to the offer that stands', async () => {
    for (const name of ['int-58', 'dist-01']) bench.silent.add(name);
    const sent = [alertMail('int-58', start), alertMail('dist-01', start)];
    await bench.receive(...sent);
    await watchFor(2);
    for (const name of ['int-58', 'dist-01']) {
      bench.silent.delete(name);
      await watchFor(6);
    }
    expect(offered()).toHaveLength(1);
    const offer = await deps.store.transaction((tx) => tx.openOffer('int-38'));
    expect(offer?.recipients?.toSorted()).toEqual(['dist-01', 'int-58']);
  });

  it('B2: what was never seen down does not come back', async () => {
    await failDelivery();
    await watchFor(5);
    expect(offered()).toEqual([]);
    expect(await ticket()).toMatchObject({ state: 'open' });
  });

  it('B2: what goes up and down is told once, and offered when it stays', async () => {
    bench.silent.add('int-58');
    await failDelivery();
    for (let round = 0; round < 3; round += 1) {
      bench.silent.delete('int-58');
      await watchFor(2);
      bench.silent.add('int-58');
      await watchFor(1);
    }
    expect(messages().filter(({ text }) => text.includes('goes up and down'))).toHaveLength(1);
    expect(offered()).toEqual([]);
    bench.silent.delete('int-58');
    await watchFor(4);
    expect(offered()).toHaveLength(1);
  });

  it('B2: a link that comes back counts as repair for the devices behind it', async () => {
    // dist-01 is above int-38, and that above int-58.
    for (const name of ['dist-01', 'int-38', 'int-58']) bench.silent.add(name);
    closed.add('int-38');
    await bench.receive(...[1, 2, 3].map(() => alertMail('int-58', start)));
    await watchFor(1);
    bench.pass(600_000);
    const link = await deps.store.transaction((tx) => tx.claimWatches(60_000, 600_000, 9));
    expect(link.find(({ target }) => target === 'dist-01')).toMatchObject({ link: true });
    await deps.store.transaction((tx) => tx.resetWatches([], bench.now()));
    for (const one of link) await deps.store.transaction((tx) => tx.saveWatch(one, one, bench.now()));
    // The devices themselves answer nobody.
    bench.silent.delete('dist-01');
    await watchFor(4);
    expect(JSON.stringify(offered())).toContain('`dist-01` is back');
    expect(offered()).toHaveLength(1);
    expect(await deps.store.transaction((tx) => tx.openOffer('int-38'))).toMatchObject({ recipients: null });
  });

  it('B2: a server is back once its SSH port is open and it lets us in', async () => {
    let letsIn = false;
    const away = new RestageError('server-authentication', 'no');
    const reach = () => (letsIn ? Promise.resolve() : Promise.reject(away));
    deps = { ...deps, servers: { ...deps.servers, reach } };
    closed.add('int-38');
    await failDelivery();
    await watchFor(1);
    closed.clear();
    await watchFor(5);
    expect(offered()).toEqual([]);
    letsIn = true;
    await watchFor(4);
    expect(JSON.stringify(offered())).toContain('`int-38` is back');
  });

  it('B4: what is being redistributed is offered only after that', async () => {
    bench.silent.add('int-58');
    await failDelivery();
    await watchFor(2);
    const { id } = await site.ask('int-38');
    bench.silent.delete('int-58');
    await watchFor(4);
    expect(offered()).toEqual([]);
    await deps.store.transaction((tx) => tx.changeRedistribution(id, ['gathering'], { state: 'failed' }));
    await watchFor(2);
    expect(offered()).toHaveLength(1);
  });

  it('B2, B3: a repaired ticket offers what failed in its down time', async () => {
    await failDelivery();
    bench.pass(hourMs);
    const repairedAt = bench.now();
    await press(actions.ticketRepaired, '1');
    expect(JSON.stringify(messages()[0])).toContain('Find what failed');
    await press(actions.ticketRedistribute, '1');
    expect(await underWay()).toMatchObject([
      { server: 'int-38', recipients: null, period: { from: start, until: repairedAt } },
    ]);
  });

  describe('servicing by schedule', () => {
    const servicing = { every: 'day', weekday: null, atMinutes: 13 * 60, timeZone: 'UTC' } as const;
    const all = () =>
      deps.store.transaction((tx) =>
        tx.redistributionsOf(null, ['gathering', 'proposed', 'expired', 'empty']),
      );
    const service = async () => {
      await sweep(deps);
      for (const { id, state } of await all()) if (state === 'gathering') await gather(deps, id);
      await bench.work();
      return all();
    };
    beforeEach(() => {
      site = prepareRedistributions(bench, [{ ...int38, servicing }]);
      deps = site.deps;
    });

    it('B4: proposes what failed, also what only the log knows, once a slot', async () => {
      site.server.logs.push(logLine(0.5));
      await bench.receive(alertMail('int-58', start));
      expect(await service()).toEqual([]);
      bench.pass(hourMs);
      expect(await service()).toMatchObject([{ state: 'proposed', channel: 'maint-eu' }]);
      expect(JSON.stringify(messages())).toContain('Requested by `restage`');
      bench.pass(hourMs);
      expect(await service()).toHaveLength(1);
    });

    itOnce('B4: leaves a server to whoever is at it', async () => {
      site.server.logs.push(logLine(0.5));
      bench.pass(hourMs - 1);
      const id = await site.propose('int-38 since yesterday');
      bench.pass(1);
      expect(await service()).toMatchObject([{ id, state: 'proposed' }]);
    });

    it('B4: posts nothing where nothing is left', async () => {
      bench.pass(hourMs);
      expect(await service()).toMatchObject([{ state: 'empty' }]);
      expect(messages()).toEqual([]);
      bench.pass(hourMs);
      expect(await service()).toHaveLength(1);
      bench.pass(23 * hourMs);
      expect(await service()).toMatchObject([
        { state: 'empty' },
        { period: { from: new Date(start.getTime() + hourMs) } },
      ]);
    });
  });
});
