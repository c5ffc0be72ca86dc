import { afterEach, expect, it } from 'vitest';
import type { HoldSchedule } from '../../src/domain/ticket-policy.ts';
import { actions } from '../../src/messages/actions.ts';
import { handleClick } from '../../src/workflows/handle-click.ts';
import { sweep } from '../../src/workflows/sweep.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import type { Workbench } from '../support/workbench.ts';
import { alertMail, createWorkbench, start } from '../support/workbench.ts';

/** `start` is at 12:00. */
const atTwo: HoldSchedule = { every: 'day', atMinutes: [840], weekday: null, timeZone: 'UTC' };
const hour = 3_600_000;
const region = { name: 'eu', channel: 'maint-eu', domains: [], hold: atTwo };
const routing = {
  regions: [region],
  fallbackChannel: 'maint-unknown',
  rules: [],
  buildings: [],
  urgent: ['access'],
};

describeOnBothDatabases('A15: tickets that are held for a digest', (open) => {
  let bench: Workbench;
  afterEach(() => bench.close());

  const setUp = async () => {
    bench = await createWorkbench(await open(), { routing });
  };
  const fail = async (device: string, fields = {}) => {
    await bench.receive(...[0, 1, 2].map((n) => alertMail(device, new Date(start.getTime() + n), fields)));
    await bench.work();
  };
  const settle = async (ms: number) => {
    bench.pass(ms);
    bench.jobs.push(...(await sweep(bench.deps)));
    await bench.work();
  };
  const posts = () => bench.workspace.messages('maint-eu').filter((one) => one.threadTs === null);
  const shown = () => JSON.stringify(posts().map((one) => one.blocks));

  it('wait for their time, and go out together as one message', async () => {
    await setUp();
    await fail('int-58');
    await fail('int-38');
    await settle(2 * hour - 1000);
    expect(posts()).toEqual([]);
    await bench.receive(alertMail('int-38', new Date(start.getTime() + 5)));
    await settle(1000);
    expect(posts().map((one) => one.text)).toEqual(['Digest: 2 open tickets, 7 alerts']);
    expect(shown()).toMatch(/int-38.*4 alerts.*int-58.*3 alerts/);
    const [state] = await bench.deps.store.transaction((tx) => tx.ticketsIn(['open']));
    expect(state?.postAt).toEqual(new Date(start.getTime() + 2 * hour));
  });

  it('are not held when their failure is urgent', async () => {
    await setUp();
    await fail('int-58', { Failure: 'permission denied' });
    expect(posts()).toHaveLength(1);
    expect(posts()[0]?.text).toContain('access failure');
  });

  it('get a message of their own when somebody takes them up, once', async () => {
    await setUp();
    await fail('int-58');
    await settle(2 * hour);
    const takeUp = () =>
      handleClick(bench.deps, {
        deliveryKey: 'k',
        actionId: actions.ticketTakeUp,
        value: '1',
        person: { teamId: 'T', userId: 'U0ANA' },
        channel: 'C0EU',
        messageTs: '1',
        responseUrl: 'r',
        triggerId: 't',
      });
    const said: string[] = [];
    Object.assign(bench.deps.chat, {
      respond: async (_: string, { text }: { text: string }) => void said.push(text),
    });
    await takeUp();
    await settle(1000);
    expect(posts()).toHaveLength(2);
    expect(posts()[1]?.text).toContain('int-58: connection error');
    await takeUp();
    await settle(1000);
    expect(posts()).toHaveLength(2);
    expect(said).toEqual(['This ticket has a message of its own already.']);
  });

  it('are told as they are by then: what was resolved meanwhile is said to be', async () => {
    await setUp();
    await fail('int-58');
    await bench.deps.store.transaction((tx) =>
      tx.changeTicket(1, { state: 'resolved', reason: 'quiet-and-answering' }),
    );
    await settle(2 * hour);
    expect(shown()).toContain(':white_check_mark: int-58: connection error');
  });
});
