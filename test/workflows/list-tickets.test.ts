import { afterEach, expect, it } from 'vitest';
import { handleClick } from '../../src/workflows/handle-click.ts';
import { handleCommand } from '../../src/workflows/handle-command.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { alertMail, createWorkbench, deviceAt, start, type Workbench } from '../support/workbench.ts';

const names = Array.from({ length: 13 }, (_, index) => `int-${index + 10}`);
const devices = names.map((name, index) => deviceAt(name, `10.1.0.${index + 1}`, null));

describeOnBothDatabases('/restage tickets', (open, itOnce) => {
  let bench: Workbench;
  afterEach(() => bench.close());

  const fail = async (...failing: readonly string[]) => {
    const mails = failing.flatMap((name, index) =>
      Array.from({ length: 3 + index }, () => alertMail(name, start)),
    );
    await bench.receive(...mails);
    await bench.work();
  };
  let commands = 0;
  const ask = async (text: string, userId = 'U0ANA') => {
    commands += 1;
    const about = { channel: 'C0EU', responseUrl: '', triggerId: '', person: { teamId: 'T0', userId } };
    const key = `command ${commands}`;
    return handleCommand(bench.deps, { deliveryKey: key, command: '/restage', text, ...about });
  };
  const begin = async () => {
    bench = await createWorkbench(await open(), { rootCause: null }, devices);
  };

  it('lists what is not resolved with links, the heaviest first', async () => {
    await begin();
    await fail('int-10', 'int-11');
    const shown = JSON.stringify((await ask('tickets')).blocks);
    expect(shown).toMatch(/2 tickets.*archives\/C0EU.*int-11.*4 alerts.*nobody has it.*int-10/);
  });

  itOnce('shows ten tickets on a page, and the others after a click on Next', async () => {
    await begin();
    await fail(...names);
    const first = JSON.stringify((await ask('tickets eu')).blocks);
    expect(first).toContain('1 to 10 of 13');
    expect(first).toContain('"value":"10 eu"');
    let answer = '';
    const chat = Object.assign(Object.create(bench.deps.chat) as typeof bench.deps.chat, {
      respond: async (_: string, message: object) => {
        answer = JSON.stringify(message);
      },
      permalink: () => Promise.reject(new Error('Slack is away')),
    });
    const click = { deliveryKey: 'c', channel: 'C0EU', messageTs: '', responseUrl: 'r', triggerId: '' };
    const person = { teamId: 'T0', userId: 'U0ANA' };
    await handleClick(
      { ...bench.deps, chat },
      { ...click, person, actionId: 'tickets:next', value: '10 eu' },
    );
    expect(answer).toContain('11 to 13 of 13');
    expect(answer).toContain('tickets:previous');
  });

  itOnce('lists tickets by whose they are, by region, by device and by being held', async () => {
    await begin();
    bench.silent.add('int-11');
    await fail('int-10');
    const [ticket] = await bench.deps.store.transaction((tx) => tx.ticketsIn(['open']));
    const taken = { state: 'acknowledged', acknowledgedBy: 'U0BEN' } as const;
    await bench.deps.store.transaction((tx) => tx.changeTicket(ticket?.id ?? 0, taken));
    expect((await ask('tickets mine')).text).toContain('No ticket');
    expect((await ask('tickets mine', 'U0BEN')).text).toContain('1 ticket');
    expect((await ask('tickets eu')).text).toContain('1 ticket');
    expect((await ask('tickets 10.1.0.1')).text).toContain('1 ticket');
    expect((await ask('tickets held')).text).toContain('No ticket');
    expect((await ask('tickets int-12')).text).toContain('No ticket');
  });

  itOnce(
    'refuses a name that is neither a region nor a device with a ticket, with what was probably meant',
    async () => {
      await begin();
      const { text } = await ask('tickets int-1O');
      expect(text).toContain('no region and no device');
      expect(text).toMatch(/Did you mean “int-1\d”/);
      expect((await ask('tickets oepn')).text).toContain('Did you mean “open”');
    },
  );
});
