import { afterEach, expect, it } from 'vitest';
import { compileFormats } from '../../src/alert/formats.ts';
import { shippedFormats } from '../../src/alert/shipped-formats.ts';
import type { AlertState } from '../../src/domain/alert.ts';
import { sweep } from '../../src/workflows/sweep.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import type { Workbench } from '../support/workbench.ts';
import { alertMail, createWorkbench, start } from '../support/workbench.ts';

const minute = 60_000;
const after = (minutes: number) => new Date(start.getTime() + minutes * minute);

describeOnBothDatabases('auto ticket', (open, itOnce) => {
  let bench: Workbench;
  afterEach(() => bench.close());

  const posts = (channel = 'maint-eu') =>
    bench.workspace.messages(channel).filter((one) => one.threadTs === null);
  /** Without the line about what is held. */
  const tickets = () => posts().filter(({ text }) => !/^(:hourglass:|Nothing is held)/.test(text));
  const alertsIn = async (state: AlertState) =>
    (await bench.deps.store.transaction((tx) => tx.sums())).alerts[state];

  itOnce('A6: counts each alert of a mail that tells of several devices', async () => {
    const formats = compileFormats(Object.values(shippedFormats));
    bench = await createWorkbench(await open(), { formats });
    const text = [
      'From: root@int-38.example.net',
      'Subject: Cron <root@int-38> clush -a -c /srv/geo-db.deb',
      `Date: ${start.toUTCString().replace('GMT', '+0000')}`,
      '',
      'int-58: ssh: connect to host int-58 port 22: Connection refused',
      'clush: int-58: exited with exit code 255',
      'clush: dist-01: command timeout',
      '',
    ].join('\r\n');
    await bench.receive({ source: new TextEncoder().encode(text), via: 'test', receivedAt: start });
    expect(await alertsIn('counted')).toBe(2);
  });

  it('opens no ticket below the threshold, and one when it is met', async () => {
    bench = await createWorkbench(await open());
    await bench.receive(alertMail('int-58', start), alertMail('int-58', after(1)));
    await bench.work();
    expect(posts()).toEqual([]);
    expect(await alertsIn('counted')).toBe(2);
    await bench.receive(alertMail('int-58', after(2)));
    await bench.work();
    expect(posts()).toHaveLength(1);
    expect(posts()[0]?.text).toContain('int-58');
    expect(await alertsIn('ticketed')).toBe(3);
  });

  itOnce('counts in a sliding window by the alerts’ own times, whatever their order', async () => {
    bench = await createWorkbench(await open());
    await bench.receive(alertMail('int-58', after(59)), alertMail('int-58', start));
    await bench.receive(alertMail('int-58', after(31)));
    await bench.work();
    expect(posts()).toEqual([]);
    await bench.receive(alertMail('int-58', after(30)));
    await bench.work();
    expect(posts()).toHaveLength(1);
  });

  itOnce('does not add up different devices or different failures', async () => {
    bench = await createWorkbench(await open());
    await bench.receive(
      alertMail('int-58', start),
      alertMail('int-38', start),
      alertMail('int-58', start, { Failure: 'permission denied' }),
    );
    await bench.work();
    expect(posts()).toEqual([]);
  });

  it('takes further alerts into the same message, in few edits', async () => {
    bench = await createWorkbench(await open());
    await bench.receive(...[0, 1, 2].map((n) => alertMail('int-58', after(n))));
    await bench.work();
    for (let n = 0; n < 20; n += 1) {
      await bench.receive(alertMail('int-58', after(3 + n / 60)));
      await bench.work();
    }
    bench.pass(2_000);
    await bench.work();
    expect(posts()).toHaveLength(1);
    expect(posts()[0]?.edits).toBe(1);
    expect(posts()[0]?.text).toContain('23 alerts');
  });

  itOnce('counts a mail once, however often it is delivered', async () => {
    bench = await createWorkbench(await open());
    const mail = alertMail('int-58', start);
    await bench.receive(mail, mail);
    await bench.receive(mail);
    expect(await alertsIn('counted')).toBe(1);
  });

  itOnce('takes a mail although a refused copy of it, with the same Message-ID, came first', async () => {
    bench = await createWorkbench(await open());
    const mail = alertMail('int-58', start);
    const text = new TextDecoder().decode(mail.source).replace('Subject: ', 'Subject: Fwd: ');
    await bench.receive({ ...mail, source: new TextEncoder().encode(text) });
    await bench.receive(mail);
    const sums = await bench.deps.store.transaction((tx) => tx.sums());
    expect(sums.mails).toMatchObject({ rejected: 1, accepted: 1 });
  });

  it('opens no ticket for a device that is out for maintenance, and takes its alerts out of the totals', async () => {
    bench = await createWorkbench(await open());
    const target = { kind: 'device', name: '10.58.0.1' } as const;
    const origin = { source: null, uid: null, createdBy: 'T/U0ANA' };
    const outage = { target, from: start, until: after(60), reason: 'disk swap', ...origin };
    await bench.deps.store.transaction((tx) => tx.addOutage(outage));
    await bench.receive(...[0, 1, 2].map((n) => alertMail('int-58', after(n))));
    await bench.work();
    expect(posts()).toEqual([]);
    expect(await alertsIn('voided')).toBe(3);
    expect(await alertsIn('counted')).toBe(0);
  });

  itOnce('says in the ticket that the device is down when the one above it answers', async () => {
    bench = await createWorkbench(await open());
    bench.silent.add('int-58');
    await bench.receive(...[0, 1, 2].map((n) => alertMail('int-58', after(n))));
    await bench.work();
    expect(JSON.stringify(posts()[0]?.blocks)).toMatch(/device.down/i);
  });

  it('holds while the network is down, looks again, and makes a ticket after the last look', async () => {
    bench = await createWorkbench(await open());
    bench.silent.add('int-58').add('int-38');
    await bench.receive(...[0, 1, 2].map((n) => alertMail('int-58', after(n))));
    await bench.work();
    expect(posts().map(({ text }) => text)).toEqual([expect.stringMatching(/^:hourglass: `int-58`/)]);
    expect(await alertsIn('held')).toBe(3);
    bench.pass(minute);
    await bench.work();
    expect(posts()).toHaveLength(1);
    bench.pass(2 * minute);
    await bench.work();
    expect(posts().map(({ text }) => text)).toEqual([
      'Nothing is held now.',
      expect.stringContaining('int-58'),
    ]);
    expect(await alertsIn('ticketed')).toBe(3);
  });

  it('makes no ticket of what recovers while it is held, but one that comes and goes of the third in a day', async () => {
    bench = await createWorkbench(await open());
    for (const flap of [0, 1, 2]) {
      bench.silent.add('int-58').add('int-38');
      const begin = flap * 120;
      await bench.receive(...[0, 1, 2].map((n) => alertMail('int-58', after(begin + n))));
      await bench.work();
      bench.silent.clear();
      bench.pass(minute);
      await bench.work();
      expect(tickets()).toHaveLength(flap === 2 ? 1 : 0);
      bench.pass(119 * minute);
    }
    expect(await alertsIn('suppressed')).toBe(6);
    expect(JSON.stringify(tickets()[0]?.blocks)).toContain('comes and goes');
  });

  itOnce('corrects a wrong location by the inventory, and says so', async () => {
    bench = await createWorkbench(await open());
    const said = { Building: 'B2', Room: '114' };
    await bench.receive(...[0, 1, 2].map((n) => alertMail('int-58', after(n), said)));
    await bench.work();
    const shown = JSON.stringify(posts()[0]?.blocks);
    expect(shown).toContain('mail said B2/114, inventory says B3/201');
  });

  itOnce('sends a device that nobody knows to the fallback channel', async () => {
    bench = await createWorkbench(await open());
    await bench.receive(...[0, 1, 2].map((n) => alertMail('int-99', after(n))));
    await bench.work();
    expect(posts('maint-unknown')).toHaveLength(1);
  });

  it('opens a repaired ticket again when the device fails after the repair', async () => {
    bench = await createWorkbench(await open());
    await bench.receive(...[0, 1, 2].map((n) => alertMail('int-58', after(n))));
    await bench.work();
    const [ticket] = await bench.deps.store.transaction((tx) => tx.ticketsIn(['open']));
    const repair = { state: 'repaired', repairedAt: after(10), repairedBy: 'U0ANA' } as const;
    await bench.deps.store.transaction((tx) => tx.changeTicket(ticket?.id ?? 0, repair));
    await bench.receive(alertMail('int-58', after(5)));
    expect(await bench.deps.store.transaction((tx) => tx.ticketsIn(['open']))).toEqual([]);
    await bench.receive(alertMail('int-58', after(11)));
    expect(await bench.deps.store.transaction((tx) => tx.ticketsIn(['open']))).toHaveLength(1);
  });

  itOnce('keeps every mail in one counted state, and lets old alerts expire', async () => {
    bench = await createWorkbench(await open());
    const junk = { source: new Uint8Array([0, 1, 2]), via: 'test', receivedAt: start };
    await bench.receive(alertMail('int-58', start), junk);
    bench.pass(8 * 24 * 60 * minute);
    await sweep(bench.deps);
    const sums = await bench.deps.store.transaction((tx) => tx.sums());
    expect(sums).toMatchObject({
      mails: { accepted: 1, 'dead-letter': 1 },
      alerts: { expired: 1, counted: 0 },
      alertsInMails: 1,
    });
  });

  it('takes up a candidate that a dead bot left', async () => {
    bench = await createWorkbench(await open());
    await bench.receive(...[0, 1, 2].map((n) => alertMail('int-58', after(n))));
    bench.jobs.length = 0;
    bench.jobs.push(...(await sweep(bench.deps)));
    await bench.work();
    expect(posts()).toHaveLength(1);
  });
});
