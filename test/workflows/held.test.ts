import { afterEach, expect, it } from 'vitest';
import { handleClick } from '../../src/workflows/handle-click.ts';
import { handleCommand } from '../../src/workflows/handle-command.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { hasButton, shows, topLevel } from '../support/messages.ts';
import { alertMail, createWorkbench, start, type Workbench } from '../support/workbench.ts';

const minute = 60_000;

describeOnBothDatabases('what is held', (open, itOnce) => {
  let bench: Workbench;
  afterEach(() => bench.close());

  const hold = async () => {
    bench = await createWorkbench(await open());
    bench.silent.add('int-58').add('int-38');
    await bench.receive(...[0, 1, 2].map((n) => alertMail('int-58', new Date(start.getTime() + n * 1000))));
    await bench.work();
  };
  const about = { channel: 'C0EU', responseUrl: '', triggerId: '', messageTs: '' };
  const person = { teamId: 'T0', userId: 'U0ANA' };
  const ask = () =>
    handleCommand(bench.deps, { deliveryKey: 'c', command: '/restage', text: 'held', person, ...about });
  const openNow = async (): Promise<string> => {
    const [ticket] = await bench.deps.store.transaction((tx) => tx.ticketsIn(['held', 'open']));
    let answer = '';
    const chat = Object.assign(Object.create(bench.deps.chat) as typeof bench.deps.chat, {
      respond: async (_: string, { text }: { readonly text: string }) => {
        answer = text;
      },
    });
    const click = {
      deliveryKey: 'k',
      actionId: 'ticket:open-now',
      value: String(ticket?.id),
      person,
      ...about,
    };
    await handleClick({ ...bench.deps, chat }, click);
    await bench.work();
    return answer;
  };
  const posts = () => topLevel(bench.workspace, 'maint-eu');

  it('has one line in its channel, that says why, the next look and by when it is a ticket', async () => {
    await hold();
    expect(posts()).toHaveLength(1);
    expect(posts()[0]?.text).toMatch(
      /`int-58`: 3 alerts, network unclear, next look .*12:01 UTC.*, ticket at the latest .*12:03 UTC/,
    );
    bench.pass(minute + 2_000);
    await bench.work();
    expect(posts()).toHaveLength(1);
    expect(posts()[0]?.text).toMatch(/next look .*12:03 UTC.*latest .*12:03 UTC/);
    expect((await ask()).text).toBe(posts()[0]?.text);
  });

  itOnce('says that nothing is held once the devices answer', async () => {
    await hold();
    bench.silent.clear();
    bench.pass(minute + 2_000);
    await bench.work();
    expect(posts()[0]?.text).toBe('Nothing is held now.');
    expect((await ask()).text).toBe('Nothing is held now.');
  });

  it('opens at once by Open now: audited, with its reason in the thread, and only once', async () => {
    await hold();
    const [line] = posts();
    expect(line && hasButton(line, 'ticket:open-now')).toBe(true);
    expect(await openNow()).toMatch(/^Ticket \d+ is open\.$/);
    bench.pass(2_000);
    await bench.work();
    expect(posts()[0]?.text).toBe('Nothing is held now.');
    expect(posts()).toHaveLength(2);
    const replies = bench.workspace
      .messages('maint-eu')
      .filter(({ threadTs }) => threadTs === posts()[1]?.ts);
    expect(
      replies.some((one) =>
        shows(one, 'Opened by <@U0ANA> before the next look. It was held: network unclear.'),
      ),
    ).toBe(true);
    const entries = await bench.deps.store.transaction((tx) => tx.auditedBefore(bench.now()));
    expect(entries.filter(({ what }) => what === 'open now')).toMatchObject([{ who: 'T0/U0ANA' }]);
    expect(await openNow()).toContain('not held now');
    bench.pass(5 * minute);
    await bench.work();
    expect(posts()).toHaveLength(2);
  });
});
