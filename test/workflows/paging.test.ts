import { afterEach, expect, it } from 'vitest';
import type { EscalationPolicy, PagingPolicy } from '../../src/domain/paging.ts';
import type { PostedMessage } from '../../src/demo/workspace/workspace.ts';
import { changeTicket } from '../../src/workflows/ticket/change-ticket.ts';
import type { Deps } from '../../src/workflows/deps.ts';
import { handleClick } from '../../src/workflows/handle-click.ts';
import { handleCommand } from '../../src/workflows/handle-command.ts';
import { switchPagingAnyway } from '../../src/workflows/paging/paging-command.ts';
import { stepPage } from '../../src/workflows/paging/page-step.ts';
import { sweep } from '../../src/workflows/sweep.ts';
import { rotation, wall } from '../paging/schedules.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { hasButton, shows } from '../support/messages.ts';
import type { Workbench } from '../support/workbench.ts';
import { alertMail, createWorkbench } from '../support/workbench.ts';

const minute = 60_000;
const hour = 60 * minute;
const primary = { kind: 'schedule', name: 'eu-primary' } as const;
const group = { kind: 'schedule', name: 'eu-group' } as const;
const everyDay = [0, 1, 2, 3, 4, 5, 6];

const policy: EscalationPolicy = {
  name: 'eu-default',
  steps: [
    { notify: [primary], afterMs: 0 },
    {
      notify: [group, { kind: 'user', userId: 'U0BEN' }, { kind: 'user', userId: 'U0BOSS' }],
      afterMs: 10 * minute,
    },
    { notify: [{ kind: 'channel', channel: 'maint-unknown' }], afterMs: 20 * minute },
  ],
  repeat: 1,
  repeatAfterMs: 5 * minute,
  quietHours: null,
};

const paging: PagingPolicy = {
  schedules: [
    rotation({ start: wall('2026-11-23T08:00'), users: ['U0ANA', 'U0BEN'] }),
    { kind: 'group', name: 'eu-group', userGroup: 'S0EU' },
  ],
  policies: [policy],
  rules: [
    { id: 'paging.rules[0]', region: 'eu', failure: null, device: null, group: null, policy: 'eu-default' },
  ],
};

/** As `paging`, with another policy. */
const pagingBy = (changes: Partial<EscalationPolicy>): PagingPolicy => ({
  ...paging,
  policies: [{ ...policy, ...changes }],
});

const nightFrom13 = { timeZone: 'UTC', days: everyDay, fromMinute: 11 * 60, untilMinute: 15 * 60 };

describeOnBothDatabases('A19: paging', (open, itOnce) => {
  let bench: Workbench;
  afterEach(() => bench.close());

  const begin = async (policies: PagingPolicy = paging) => {
    bench = await createWorkbench(await open(), { paging: policies });
  };
  const fail = async (failure = 'connection timed out') => {
    await bench.receive(
      ...[0, 1, 2].map((n) =>
        alertMail('int-58', new Date(bench.now().getTime() + n * 1000), { Failure: failure }),
      ),
    );
    await bench.work();
  };
  const pass = async (ms: number) => {
    bench.pass(ms);
    await bench.work();
  };
  /** Messages are not edited more often than every two seconds. */
  const settle = () => pass(3_000);
  const dms = (user: string) => bench.workspace.messages(`dm:${user}`);
  const told = () =>
    ['U0ANA', 'U0BEN', 'U0CAI', 'U0BOSS', 'maint-unknown'].map(
      (to) => bench.workspace.messages(to.startsWith('U') ? `dm:${to}` : to).length,
    );
  const ticketId = async () =>
    (await bench.deps.store.transaction((tx) => tx.ticketsIn(['open', 'acknowledged'])))[0]?.id ?? 0;
  const person = (userId: string) => ({ teamId: 'T0', userId });

  const click = async (userId: string, message: PostedMessage | undefined, actionId: string) => {
    const id = String(await ticketId());
    const { channel = '', ts = '' } = message ?? {};
    const about = { deliveryKey: `click ${ts}`, responseUrl: '', triggerId: '', messageTs: ts };
    await handleClick(bench.deps, { ...about, actionId, value: id, person: person(userId), channel });
    await bench.work();
  };
  let commands = 0;
  const command = async (text: string) => {
    commands += 1;
    const answer = await handleCommand(bench.deps, {
      deliveryKey: `command ${commands}`,
      command: '/restage',
      text,
      person: person('U0CAI'),
      channel: 'C0EU',
      responseUrl: '',
      triggerId: '',
    });
    await bench.work();
    return JSON.stringify(answer.blocks);
  };

  it('tells the person on call at once, with what is wrong, where its ticket is, and a button', async () => {
    await begin();
    await fail();
    expect(told()).toEqual([1, 0, 0, 0, 0]);
    const [dm] = dms('U0ANA');
    expect(dm && shows(dm, 'int-58')).toBe(true);
    expect(dm && shows(dm, 'connection timed out')).toBe(true);
    expect(dm && shows(dm, '<#C0EU>')).toBe(true);
    expect(dm && hasButton(dm, 'page:acknowledge')).toBe(true);
  });

  it('says in the notification what, how many and where, and links to the ticket’s message', async () => {
    await begin();
    await fail();
    await settle();
    const [dm] = dms('U0ANA');
    expect(dm?.text).toMatch(/^int-58( is down|: connection error) \(3 alerts\) · .+ · nobody has it yet$/);
    expect(dm && shows(dm, '|ticket> in <#C0EU>')).toBe(true);
  });

  it('is passed on to whoever is next at once, by a button, and the thread says so', async () => {
    await begin();
    await fail();
    await click('U0ANA', dms('U0ANA')[0], 'page:pass-on');
    await settle();
    expect(told()).toEqual([1, 1, 1, 1, 0]);
    const thread = bench.workspace.messages('maint-eu');
    expect(thread.filter((one) => shows(one, '<@U0ANA> has passed the page on'))).toHaveLength(1);
    await click('U0BEN', dms('U0BEN')[0], 'page:acknowledge');
    await settle();
    expect(dms('U0ANA')[0] && hasButton(dms('U0ANA')[0] as PostedMessage, 'page:pass-on')).toBe(false);
  });

  itOnce('escalates after 10 minutes of silence, to each person once, and step by step', async () => {
    await begin();
    await fail();
    await pass(10 * minute - 1);
    expect(told()).toEqual([1, 0, 0, 0, 0]);
    await pass(1);
    // Ben is in the group and named beside it: he is told once.
    expect(told()).toEqual([1, 1, 1, 1, 0]);
    await pass(10 * minute);
    expect(told()).toEqual([1, 1, 1, 1, 1]);
  });

  it('goes through all steps as often as the policy says, then tells the thread and gives up', async () => {
    await begin();
    await fail();
    for (let n = 0; n < 12; n += 1) await pass(5 * minute);
    await settle();
    expect(told()).toEqual([2, 2, 2, 2, 2]);
    expect(bench.workspace.messages('maint-eu').some((one) => shows(one, 'Nobody has acknowledged'))).toBe(
      true,
    );
    expect(shows(dms('U0ANA').at(-1) as PostedMessage, 'nobody else is told')).toBe(true);
    await click('U0BEN', dms('U0BEN')[0], 'page:acknowledge');
    await settle();
    for (const dm of [...dms('U0ANA'), ...dms('U0BEN')]) {
      expect(shows(dm, 'Acknowledged by <@U0BEN> in a direct message')).toBe(true);
    }
  });

  itOnce(
    'stops when it is acknowledged by a page’s button: ticket and every message say who has it',
    async () => {
      await begin();
      await fail();
      await pass(10 * minute);
      await click('U0CAI', dms('U0CAI')[0], 'page:acknowledge');
      await settle();
      for (const user of ['U0ANA', 'U0BEN', 'U0CAI', 'U0BOSS']) {
        const [dm] = dms(user);
        expect(dm && shows(dm, 'Acknowledged by <@U0CAI>')).toBe(true);
        expect(dm && hasButton(dm, 'page:acknowledge')).toBe(false);
      }
      expect(shows(bench.workspace.messages('maint-eu')[0] as PostedMessage, '<@U0CAI> has it')).toBe(true);
      await pass(2 * hour);
      expect(told()).toEqual([1, 1, 1, 1, 0]);
    },
  );

  it.each([
    ['ticket:acknowledge', 'Acknowledged by <@U0ANA> in <#C0EU>'],
    ['ticket:repaired', 'Declared repaired by <@U0ANA> in <#C0EU>'],
    ['ticket:resolve', 'Resolved by <@U0ANA> in <#C0EU>'],
  ])('stops when the ticket gets %s, and every message is edited', async (action, text) => {
    await begin();
    await fail();
    await pass(10 * minute);
    await click('U0ANA', bench.workspace.messages('maint-eu')[0], action);
    await settle();
    for (const user of ['U0ANA', 'U0BEN', 'U0CAI', 'U0BOSS']) {
      const [dm] = dms(user);
      expect(dm && shows(dm, text)).toBe(true);
      expect(dm && hasButton(dm, 'page:acknowledge')).toBe(false);
    }
    await pass(2 * hour);
    expect(told()).toEqual([1, 1, 1, 1, 0]);
  });

  it('stops when the ticket is not open any more, however that came about', async () => {
    await begin();
    await fail();
    const id = await ticketId();
    await bench.deps.store.transaction((tx) => tx.changeTicket(id, { state: 'resolved', reason: 'test' }));
    bench.jobs.push(...(await sweep(bench.deps)));
    await bench.work();
    await settle();
    expect(shows(dms('U0ANA')[0] as PostedMessage, 'Resolved')).toBe(true);
    await pass(hour);
    expect(told()).toEqual([1, 0, 0, 0, 0]);
  });

  it('starts anew when a repaired device fails again', async () => {
    await begin();
    await fail();
    await click('U0ANA', bench.workspace.messages('maint-eu')[0], 'ticket:repaired');
    bench.pass(hour);
    await fail();
    expect(told()).toEqual([2, 0, 0, 0, 0]);
  });

  it('tells nobody while the ticket is snoozed, and goes on afterwards', async () => {
    await begin();
    await fail();
    const until = new Date(bench.now().getTime() + 2 * hour);
    const id = await ticketId();
    await bench.deps.store.transaction((tx) =>
      changeTicket(bench.deps, tx, id, { event: 'snooze', by: person('U0ANA'), detail: { until } }),
    );
    await pass(2 * hour - 1);
    expect(told()).toEqual([1, 0, 0, 0, 0]);
    expect(shows(dms('U0ANA')[0] as PostedMessage, 'Snoozed until')).toBe(true);
    await pass(1);
    expect(told()).toEqual([1, 1, 1, 1, 0]);
  });

  it('tells nobody anew about a further failure of a device whose ticket people were told about', async () => {
    await begin();
    await fail();
    await fail('permission denied');
    expect(told()).toEqual([1, 0, 0, 0, 0]);
  });

  itOnce(
    'tells people about a further failure where nobody was told about the first, until somebody has both',
    async () => {
      const access = { ...paging.rules[0], failure: 'access' } as PagingPolicy['rules'][number];
      await begin({ ...paging, rules: [access] });
      await fail();
      expect(told()).toEqual([0, 0, 0, 0, 0]);
      await fail('permission denied');
      expect(told()).toEqual([1, 0, 0, 0, 0]);
      await click('U0ANA', bench.workspace.messages('maint-eu')[0], 'ticket:acknowledge');
      await settle();
      expect(shows(dms('U0ANA')[0] as PostedMessage, 'Acknowledged by <@U0ANA> in <#C0EU>')).toBe(true);
    },
  );

  it('wakes nobody for what waits for a digest', async () => {
    await begin();
    await command('paging off int-58');
    await fail();
    const id = await ticketId();
    const postAt = new Date(bench.now().getTime() + hour);
    await bench.deps.store.transaction((tx) => tx.changeTicket(id, { postAt }));
    await command('paging on int-58');
    expect(told()).toEqual([0, 0, 0, 0, 0]);
  });

  itOnce('tells nobody where no rule matches', async () => {
    await begin({
      ...paging,
      rules: [{ ...paging.rules[0], region: 'us' } as PagingPolicy['rules'][number]],
    });
    await fail();
    expect(told()).toEqual([0, 0, 0, 0, 0]);
  });

  it('tells nobody about a device that is switched off, and says who did it', async () => {
    await begin();
    expect(await command('paging off int-58')).toContain('Nobody is paged about `int-58`');
    await fail();
    await pass(hour);
    expect(told()).toEqual([0, 0, 0, 0, 0]);
    const shown = await command('paging');
    expect(shown).toContain('`int-58`, by <@U0CAI>');
    expect(shown).toContain('not paged (switched off)');
    await command('paging on int-58');
    expect(told()).toEqual([1, 0, 0, 0, 0]);
  });

  it('switches off for one failure only, and for a time only', async () => {
    await begin();
    await command('paging off int-58 package for 4h');
    await command('paging off int-58 connection for 4h');
    await fail();
    await pass(4 * hour - 1);
    expect(told()).toEqual([0, 0, 0, 0, 0]);
    await fail('permission denied');
    expect(told()).toEqual([1, 0, 0, 0, 0]);
    await pass(1);
    expect(told()[0]).toBe(2);
  });

  itOnce(
    'ends the page that runs when its device is switched off, and says so in every message',
    async () => {
      await begin();
      await fail();
      await command('paging off INT-58');
      await settle();
      expect(shows(dms('U0ANA')[0] as PostedMessage, 'Paging was switched off by <@U0CAI>')).toBe(true);
      await pass(hour);
      expect(told()).toEqual([1, 0, 0, 0, 0]);
    },
  );

  itOnce('goes on at once when what was switched off for a time is switched on before', async () => {
    await begin();
    await fail();
    await command('paging off int-58 for 4h');
    await pass(hour);
    expect(told()).toEqual([1, 0, 0, 0, 0]);
    await command('paging on int-58');
    expect(told()).toEqual([1, 1, 1, 1, 0]);
  });

  itOnce('waits for the end of quiet hours', async () => {
    await begin(pagingBy({ quietHours: { hours: nightFrom13, except: ['access'] } }));
    await fail();
    expect(told()).toEqual([0, 0, 0, 0, 0]);
    expect(await command('paging')).toContain('quiet hours');
    await pass(Date.parse('2026-11-23T14:59:59Z') - bench.now().getTime());
    expect(told()).toEqual([0, 0, 0, 0, 0]);
    await pass(1_000);
    expect(told()).toEqual([1, 0, 0, 0, 0]);
    await pass(10 * minute);
    expect(told()).toEqual([1, 1, 1, 1, 0]);
  });

  itOnce(
    'does not wait for the end of quiet hours where the failure is one that may wake people',
    async () => {
      await begin(pagingBy({ quietHours: { hours: nightFrom13, except: ['access'] } }));
      await fail('permission denied');
      expect(told()).toEqual([1, 0, 0, 0, 0]);
    },
  );

  itOnce('goes on to the next step at once where a step reaches nobody', async () => {
    const restrict = { timeZone: 'UTC', days: [0, 6], fromMinute: 0, untilMinute: 1440 };
    const weekend = rotation({ start: wall('2026-11-23T08:00'), restrict });
    await begin({ ...paging, schedules: [weekend, ...paging.schedules.slice(1)] });
    await fail();
    expect(told()).toEqual([0, 1, 1, 1, 0]);
  });

  itOnce('tells the right people when two bots are at it and the first step reaches nobody', async () => {
    const restrict = { timeZone: 'UTC', days: [0, 6], fromMinute: 0, untilMinute: 1440 };
    const weekend = rotation({ start: wall('2026-11-23T08:00'), restrict });
    await begin({ ...paging, schedules: [weekend, ...paging.schedules.slice(1)] });
    await command('paging off int-58 for 1h');
    await fail();
    const id = await ticketId();
    bench.pass(hour);
    const bots: Deps[] = [bench.deps, { ...bench.deps }, { ...bench.deps }];
    await Promise.all(bots.map((bot) => stepPage(bot, id)));
    await bench.work();
    expect(told()).toEqual([0, 1, 1, 1, 0]);
  });

  itOnce('a device that the inventory does not know is switched only by Do it anyway', async () => {
    await begin();
    const refused = await command('paging off int-85 for 4h');
    expect(refused).toMatch(/Nothing was done\. Did you mean `int-58`.*"value":"off int-85 for 4h"/);
    expect(await bench.deps.store.transaction((tx) => tx.pagingSwitches())).toEqual([]);
    await switchPagingAnyway(bench.deps, {
      ...{ deliveryKey: 'anyway', actionId: 'paging:anyway', value: 'off int-85 for 4h' },
      ...{ person: person('U0CAI'), channel: 'C0EU', messageTs: '', responseUrl: '', triggerId: '' },
    });
    expect(await bench.deps.store.transaction((tx) => tx.pagingSwitches())).toMatchObject([
      { device: 'int-85' },
    ]);
  });

  itOnce('a word that is no command is refused with the one that was probably meant', async () => {
    await begin();
    expect(await command('outge int-58 2h')).toContain('\\"outge\\" is no command. Did you mean `outage`?');
    expect(await command('xyzzy')).toContain('is no command. `/restage help` lists them all.');
    expect(await command('paging offf int-58')).toContain('Did you mean `off`?');
    expect(await command('thresholds sett')).toContain('Did you mean `set`?');
    expect(await command('mails rejectd')).toContain('Did you mean `rejected`?');
    expect(await command('HELP')).toContain('/restage outages');
  });

  itOnce('tells the others where Slack does not know a user group', async () => {
    const gone = { kind: 'group', name: 'eu-group', userGroup: 'S0GONE' } as const;
    await begin({ ...paging, schedules: [...paging.schedules.slice(0, 1), gone] });
    await fail();
    await pass(10 * minute);
    expect(told()).toEqual([1, 1, 0, 1, 0]);
  });

  itOnce(
    'tries a step again when Slack could not be asked for a group, and nobody is forgotten',
    async () => {
      await begin();
      await fail();
      bench.workspace.misbehave({ kind: 'status', method: 'usergroups.users.list', times: 1, status: 503 });
      await expect(pass(10 * minute)).rejects.toThrow('503');
      expect(told()).toEqual([1, 0, 0, 0, 0]);
      bench.jobs.push(...(await sweep(bench.deps)));
      await bench.work();
      expect(told()).toEqual([1, 1, 1, 1, 0]);
    },
  );

  itOnce('goes on after a restart in between, from the database alone', async () => {
    await begin();
    await fail();
    bench.jobs.length = 0;
    bench.pass(10 * minute);
    bench.jobs.push(...(await sweep(bench.deps)));
    await bench.work();
    expect(told()).toEqual([1, 1, 1, 1, 0]);
  });

  itOnce('does each step once when two bots and a sweep do it at the same time', async () => {
    await begin();
    await fail();
    const id = await ticketId();
    bench.pass(10 * minute);
    const bots: Deps[] = [bench.deps, { ...bench.deps }, { ...bench.deps }];
    await Promise.all(bots.map((bot) => stepPage(bot, id)));
    bench.jobs.push(...(await sweep(bench.deps)));
    await bench.work();
    expect(told()).toEqual([1, 1, 1, 1, 0]);
  });

  it('does not send what was not sent before somebody acknowledged', async () => {
    await begin();
    bench.workspace.misbehave({
      kind: 'error',
      method: 'chat.postMessage',
      times: 2,
      error: 'channel_not_found',
    });
    await fail();
    await click('U0BEN', bench.workspace.messages('maint-eu')[0], 'ticket:acknowledge');
    await pass(hour);
    expect(dms('U0ANA')).toEqual([]);
  });

  itOnce('shows who is on call now and next, and how far the pages are', async () => {
    await begin();
    await fail();
    const shown = await command('paging');
    expect(shown).toMatch(/`eu-primary`: <@U0ANA> until .*, then <@U0BEN>/);
    expect(shown).toContain('`eu-group`: <@U0BEN>, <@U0CAI>');
    expect(shown).toMatch(/int-58: connection error: told <@U0ANA>, next .* \(nobody has acknowledged\)/);
  });

  itOnce.each(['paging off', 'paging dance int-58', 'paging off int-58 for ever', 'paging on int-58 for 4h'])(
    'explains itself when asked for "%s"',
    async (text) => {
      await begin();
      expect(await command(text)).toContain('Usage');
      expect(await bench.deps.store.transaction((tx) => tx.pagingSwitches())).toEqual([]);
    },
  );
});
