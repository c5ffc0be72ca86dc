import { afterEach, expect, it } from 'vitest';
import type { Database } from '../../src/adapters/postgres/database.ts';
import type { RootCausePolicy } from '../../src/domain/policy.ts';
import { sweep } from '../../src/workflows/sweep.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { hasButton, shows, topLevel } from '../support/messages.ts';
import { liveProblems } from '../support/problems.ts';
import { alertMail, createWorkbench, deviceAt, start, type Workbench } from '../support/workbench.ts';
import { rule } from '../threshold/rules.ts';

const minute = 60_000;
const after = (minutes: number) => new Date(start.getTime() + minutes * minute);
const clients = Array.from({ length: 40 }, (_, n) => `client-${String(n + 1).padStart(2, '0')}`);
const devices = [
  deviceAt('dist-01', '10.0.0.1', null),
  deviceAt('int-38', '10.38.0.1', 'dist-01'),
  deviceAt('int-58', '10.58.0.1', 'dist-01'),
  ...clients.map((name, n) => deviceAt(name, `10.38.1.${n}`, 'int-38')),
];
const policy: RootCausePolicy = { devices: 5, fraction: null, withinMs: 15 * minute, settleMs: 2000 };
const threePerDevice = [rule({ count: 3 })];

describeOnBothDatabases('root cause by topology', (open, itOnce) => {
  let bench: Workbench;
  let database: Database;
  afterEach(() => bench.close());

  const begin = async (rootCause: RootCausePolicy | null = policy, thresholds = threePerDevice) => {
    database = await open();
    bench = await createWorkbench(database, { rootCause, thresholds }, devices);
  };
  const posts = () => topLevel(bench.workspace, 'maint-eu');
  const fail = (device: string | undefined, at: Date, times = 1) =>
    bench.receive(...Array.from({ length: times }, () => alertMail(device ?? '', at)));
  const failEach = (names: readonly string[], at: Date, times = 1) =>
    bench.receive(...names.flatMap((name) => Array.from({ length: times }, () => alertMail(name, at))));
  const settle = async () => {
    bench.pass(3000);
    await bench.work();
  };
  const ticketsIn = (state: 'open' | 'joined' | 'candidate') =>
    bench.deps.store.transaction((tx) => tx.ticketsIn([state]));

  it('opens one ticket at the server when enough devices behind it fail, below their own thresholds too', async () => {
    await begin();
    await failEach(clients.slice(0, 4), start);
    await bench.work();
    expect(posts()).toEqual([]);
    await fail(clients[4], after(15));
    await bench.work();
    expect(posts()).toHaveLength(1);
    expect(posts()[0]?.text).toContain('int-38');
    expect(posts().some((post) => shows(post, 'client-[01-05]'))).toBe(true);
    expect(await liveProblems(database)).toEqual(['int-38 root-cause 5/5']);
  });

  itOnce(
    'does not when they fail too far apart, or behind different servers, or one device often',
    async () => {
      await begin();
      await failEach(clients.slice(0, 4), start);
      await fail(clients[4], after(16));
      await failEach(['int-38', 'int-58'], start, 2);
      await fail(clients[0], after(1));
      await bench.work();
      expect(posts()).toEqual([]);
      expect(await liveProblems(database)).toEqual([]);
    },
  );

  itOnce(
    'posts the first ticket at once, and makes it the server’s in place when the cause shows',
    async () => {
      await begin();
      await fail(clients[0], start, 3);
      await bench.work();
      const [first] = posts();
      expect(first?.text).toContain('client-01');
      await failEach(clients.slice(1, 5), after(1), 3);
      await settle();
      expect(posts()).toHaveLength(1);
      expect(posts()[0]?.ts).toBe(first?.ts);
      expect(posts()[0]?.text).toContain('int-38');
      expect(posts()[0]?.text).not.toContain('client-01');
      expect(posts().some((post) => shows(post, 'reachable'))).toBe(true);
      expect(await liveProblems(database)).toEqual(['int-38 root-cause 15/15']);
    },
  );

  itOnce(
    'tells the thread once that devices behind the server fail, and not again as more devices',
    async () => {
      await begin();
      await fail(clients[0], start, 3);
      await bench.work();
      await failEach(clients.slice(1, 5), after(1), 3);
      await settle();
      bench.pass(2 * minute);
      await bench.work();
      const replies = bench.workspace.messages('maint-eu').filter(({ threadTs }) => threadTs !== null);
      const lines = replies.map(({ text }) => text).filter((text) => text.includes('device'));
      expect(lines).toEqual([expect.stringContaining('this ticket is about int-38 from now on')]);
    },
  );

  it('joins tickets that people see already: their messages say where they went, without buttons', async () => {
    await begin();
    for (const [index, name] of clients.slice(0, 3).entries()) {
      await fail(name, after(index), 3);
      await settle();
    }
    expect(await ticketsIn('open')).toHaveLength(3);
    const before = posts().length;
    await failEach(clients.slice(3, 5), after(3));
    await settle();
    expect(posts()).toHaveLength(before);
    const [promoted, ...others] = await ticketsIn('open');
    expect(others).toEqual([]);
    expect(promoted).toMatchObject({ subject: 'int-38', alertCount: 11, deviceCount: 5 });
    const joined = await ticketsIn('joined');
    expect(joined.map(({ joinedInto }) => joinedInto)).toEqual([promoted?.id, promoted?.id]);
    for (const message of posts().filter((one) => !one.text.includes('int-38'))) {
      expect(shows(message, `joined into ticket ${promoted?.id}`)).toBe(true);
      expect(hasButton(message, 'ticket:acknowledge')).toBe(false);
    }
  });

  it('nobody ever sees the second ticket of a burst: it waits a moment, and is joined unseen', async () => {
    await begin();
    await fail(clients[0], start, 3);
    await fail(clients[1], start, 3);
    await bench.work();
    expect(posts()).toHaveLength(1);
    await failEach(clients.slice(2, 5), start);
    await settle();
    expect(
      bench.workspace
        .calls()
        .filter(({ method }) => method === 'chat.postMessage')
        .filter((call) => JSON.stringify(call).includes('client-02:')),
    ).toEqual([]);
    expect(await ticketsIn('joined')).toHaveLength(1);
  });

  itOnce('shows the second ticket after that moment when no cause showed', async () => {
    await begin();
    await fail(clients[0], start, 3);
    await fail(clients[1], start, 3);
    await bench.work();
    expect(await ticketsIn('candidate')).toHaveLength(1);
    await settle();
    expect(await ticketsIn('candidate')).toEqual([]);
    expect(await ticketsIn('open')).toHaveLength(2);
  });

  itOnce('takes further alerts of devices behind the server straight in while it lives', async () => {
    await begin();
    await failEach(clients.slice(0, 5), start);
    await bench.work();
    await failEach(clients, after(40), 3);
    await settle();
    expect(posts()).toHaveLength(1);
    expect(await liveProblems(database)).toEqual(['int-38 root-cause 125/125']);
  });

  it('leaves a problem alone that was there before the burst', async () => {
    await begin();
    await fail(clients[0], after(-120), 3);
    await bench.work();
    await failEach(clients.slice(0, 5), start);
    await settle();
    expect(await liveProblems(database)).toEqual(['client-01 connection 3/3', 'int-38 root-cause 5/5']);
  });

  itOnce('takes over the ticket that a rule over the server made', async () => {
    await begin(policy, [rule({ over: 'server', count: 4 })]);
    await failEach(clients.slice(0, 2), start, 2);
    await bench.work();
    expect(await liveProblems(database)).toEqual(['int-38 connection 4/4']);
    await failEach(clients.slice(1, 5), start);
    await settle();
    expect(posts()).toHaveLength(1);
    expect(await liveProblems(database)).toEqual(['int-38 root-cause 8/8']);
  });

  itOnce('needs the share of the devices as well, where one is set', async () => {
    await begin({ ...policy, fraction: 0.25 });
    await failEach(clients.slice(0, 9), start);
    expect(await liveProblems(database)).toEqual([]);
    await fail(clients[9], start);
    expect(await liveProblems(database)).toEqual(['int-38 root-cause 10/10']);
  });

  it('does not begin again with old alerts once the ticket is resolved', async () => {
    await begin();
    await failEach(clients.slice(0, 5), start);
    await bench.work();
    const [ticket] = await ticketsIn('open');
    await bench.deps.store.transaction((tx) => tx.changeTicket(ticket?.id ?? 0, { state: 'resolved' }));
    await fail(clients[6], after(1));
    expect(await liveProblems(database)).toEqual([]);
  });

  itOnce('is off where the config says none', async () => {
    await begin(null);
    await failEach(clients, start);
    expect(await liveProblems(database)).toEqual([]);
  });

  it('finds out how the server is although a bot died after promoting the ticket', async () => {
    await begin();
    await fail(clients[0], start, 3);
    await bench.work();
    await failEach(clients.slice(1, 5), after(1));
    bench.jobs.length = 0;
    bench.jobs.push(...(await sweep(bench.deps)));
    await bench.work();
    expect((await ticketsIn('open'))[0]?.diagnosis?.verdict).toBe('reachable');
  });

  it('a storm over all devices ends as one open ticket, with few messages', { timeout: 60_000 }, async () => {
    await begin();
    const before = bench.workspace.calls().length;
    for (let round = 0; round < 25; round += 1) {
      await failEach(clients, after(round / 10));
      bench.pass(100);
      await bench.work();
    }
    await settle();
    expect(await liveProblems(database)).toEqual(['int-38 root-cause 1000/1000']);
    expect(posts()).toHaveLength(1);
    const messages = bench.workspace
      .calls()
      .slice(before)
      .filter(({ method }) => /^chat\.(postMessage|update)$/.test(method));
    expect(messages.length).toBeLessThanOrEqual(6);
    const sums = await bench.deps.store.transaction((tx) => tx.sums());
    expect(sums.alerts.ticketed).toBe(1000);
  });
});
