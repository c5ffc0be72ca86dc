import { afterEach, expect, it } from 'vitest';
import { compileFormats } from '../../src/alert/formats.ts';
import { plainFormat } from '../../src/alert/shipped-formats.ts';
import type { AlertFormat } from '../../src/domain/policy.ts';
import type { RawMail } from '../../src/domain/mail.ts';
import { actions } from '../../src/messages/actions.ts';
import { noteOutage } from '../../src/workflows/outage/note-outage.ts';
import { handleClick } from '../../src/workflows/handle-click.ts';
import { handleCommand } from '../../src/workflows/handle-command.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { alertMail, createWorkbench, deviceAt, start, type Workbench } from '../support/workbench.ts';

const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);

describeOnBothDatabases('/restage why', (open, itOnce) => {
  let bench: Workbench;
  afterEach(() => bench.close());

  const about = { channel: 'C0EU', responseUrl: '', triggerId: '' };
  const person = { teamId: 'T0', userId: 'U0ANA' };
  const command = (text: string) => ({ deliveryKey: text, command: '/restage', text, person, ...about });
  const ask = async (text: string) => {
    const { blocks } = await handleCommand(bench.deps, command(text));
    return blocks.map((block) => JSON.stringify(block)).join('\n');
  };
  const receive = async (...seconds: readonly number[]) => {
    await bench.receive(...seconds.map((one) => alertMail('int-58', later(one))));
    await bench.work();
  };
  const refused = (subject: string): RawMail => {
    const text = `From: a@evil.example\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@x>\r\n\r\nfailed\r\n`;
    return { source: new TextEncoder().encode(text), via: 'test', receivedAt: start };
  };

  it('says of a device below its threshold what it counts, what it needs, and which mails came', async () => {
    bench = await createWorkbench(await open());
    await bench.receive(refused('int-58 failed <!channel>'), refused('int-580 failed'));
    await receive(0, 1);
    const why = await ask('why INT-58');
    expect(why).toContain('`int-58` has no ticket yet');
    expect(why).toMatch(
      /connection error of device `int-58`: 2 of 3 alerts within 30 min, by `thresholds\[0\]`: 1 more/,
    );
    expect(why).toMatch(/Mail 4, .*connection error.*`geo-db`.*`J1`.*validated, read by `plain`; counted/);
    expect(why).toMatch(
      /Mail 1, .*rejected: the sender's domain is not listed; `int-58 failed &lt;!channel&gt;`/,
    );
    expect(why).not.toContain('int-580');
    expect(why).toContain('No outage covers `int-58`');
    expect(why).toMatch(/building `B3`, room `201`/);
    expect(why).toContain('A ticket goes to #maint-eu');
    expect(why).toContain('Nobody is paged: no paging rule fits.');
  });

  it('says of a device that is held or out which outage, which probe and which ticket', async () => {
    bench = await createWorkbench(await open());
    bench.silent.add('int-58').add('int-38');
    await receive(0, 1, 2);
    const held = await ask('why int-58');
    expect(held).toContain('`int-58` has no ticket yet: it is held (ticket 1)');
    expect(held).toMatch(/Diagnosis: network down; .* So it is held\./);
    await noteOutage(bench.deps, command('outage int-58 2h cabling'), ['int-58', '2h', 'cabling']);
    await bench.work();
    bench.pass(1000);
    await receive(4);
    const out = await ask('why int-58');
    expect(out).toContain('It is out for maintenance now.');
    expect(out).toMatch(/`int-58` is out by the outage of `int-58` \(`cabling`\) until/);
  });

  itOnce('says of a device whose alerts a server explains which ticket took them in, and why', async () => {
    const behind = ['int-58', 'int-59', 'int-60'].map((name, n) =>
      deviceAt(name, `10.9.0.${n + 1}`, 'int-38'),
    );
    const rootCause = { devices: 3, fraction: null, withinMs: 1_800_000, settleMs: 0 };
    bench = await createWorkbench(await open(), { rootCause }, [
      deviceAt('int-38', '10.38.0.1', null),
      ...behind,
    ]);
    await bench.receive(...behind.map(({ name }, n) => alertMail(name, later(n))));
    await bench.work();
    const why = await ask('why int-59');
    expect(why).toContain('`int-59` has ticket 1, open');
    expect(why).toMatch(
      /it counts failures behind `int-38`, and took in connection error of device `int-59`\. The server: devices directly behind it fail/,
    );
    const server = await ask('why int-38');
    expect(server).toContain('`int-38` has ticket 1, open');
    expect(server).toMatch(/\*Alerts behind it\*.*Mail 3, .*connection error/);
    expect(server).toContain('Its ticket is in #maint-eu');
  });

  it('says of a ticket why it opened, what still fails, and what would end it', async () => {
    bench = await createWorkbench(await open());
    bench.silent.add('int-58');
    await receive(0, 1, 2);
    for (const asked of ['why 1', 'why #1', 'why ticket 1']) {
      const why = await ask(asked);
      expect(why).toMatch(/int-58 is down\*: ticket 1 opened\. 1 of 1 symptom still fails/);
      expect(why).toContain('3 alerts of 1 device count for connection error of device `int-58`');
      expect(why).toMatch(
        /It ends by word of recovery that names it, or a later success .* or a ping that is answered after 2 h/,
      );
      expect(why).toContain('ping 10.58.0.1: 0 of 2 answered');
      expect(why).toContain('Its ticket is in #maint-eu');
    }
    expect(await ask('why 1')).toContain('Mail 1: `/restage why mail 1`');
  });

  itOnce('says of a ticket that is resolved what showed that it is over', async () => {
    const back: AlertFormat = {
      ...plainFormat,
      name: 'back',
      literals: [{ in: 'subject', text: 'RECOVERED' }],
      match: [{ in: 'subject', pattern: 'RECOVERED' }],
      recovers: [{ in: 'subject', pattern: 'RECOVERED' }],
    };
    bench = await createWorkbench(await open(), { formats: compileFormats([back, plainFormat]) });
    await receive(0, 1, 2);
    const mail = alertMail('int-58', later(9), { Job: '' });
    const text = new TextDecoder().decode(mail.source).replace('[restage] FAILED', 'RECOVERED');
    await bench.receive({ ...mail, source: new TextEncoder().encode(text) });
    await bench.work();
    const why = await ask('why #1');
    expect(why).toMatch(/ticket 1 resolved \(recovery mail\)\. None of its symptoms fails any more\./);
    expect(why).toMatch(
      /`int-58` connection error, package `geo-db`, job `J1`: word of recovery came, .*\(mail 4\)/,
    );
    expect(why).not.toContain('It ends by');
    expect(await ask('why mail 4')).toMatch(
      /Mail 4 makes no ticket: it was read, and it is word of a recovery\./,
    );
  });

  it('says of a mail where it ended and why, alert by alert', async () => {
    bench = await createWorkbench(await open());
    await bench.receive(refused('hello'));
    await receive(0, 1);
    const rejected = await ask('why mail 1');
    expect(rejected).toContain(
      "Mail 1 makes no ticket: it was rejected, as the sender's domain is not listed.",
    );
    expect(rejected).toContain("The sender's domain `evil.example` is not listed.");
    const accepted = await ask('why mail 2');
    expect(accepted).toContain('Mail 2 was accepted: 1 alert.');
    expect(accepted).toContain('The format `plain` read 1 alert from it.');
    expect(accepted).toMatch(
      /It counts for connection error of device `int-58`: 2 of 3 alerts within 30 min/,
    );
    expect(await ask('why 2')).toContain('Mail 2 was accepted');
  });

  itOnce(
    'shows threshold, outage, diagnosis, place and paging of each alert when a mail is looked at',
    async () => {
      bench = await createWorkbench(await open());
      bench.silent.add('int-58');
      await receive(0, 1, 2);
      let view = '';
      const chat = Object.assign(Object.create(bench.deps.chat) as typeof bench.deps.chat, {
        openModal: async (_: string, modal: object) => {
          view = JSON.stringify(modal);
        },
      });
      const click = {
        deliveryKey: 'k',
        actionId: actions.mailLook,
        value: '1',
        person,
        messageTs: '',
        ...about,
      };
      await handleClick({ ...bench.deps, chat }, click);
      expect(view).toContain('connection error on int-58');
      for (const gate of [
        'It is in ticket 1',
        'No outage covers',
        'Diagnosis: device down',
        'Nobody is paged',
      ])
        expect(view).toContain(`:white_check_mark: ${gate}`);
    },
  );

  itOnce('refuses what is unknown, with what was probably meant', async () => {
    bench = await createWorkbench(await open());
    expect(await ask('why int-5B')).toMatch(/Did you mean `int-\d+`/);
    expect(await ask('why #99')).toContain('There is no ticket 99.');
    expect(await ask('why 99')).toContain('There is neither a ticket nor a mail 99.');
    expect(await ask('why')).toContain('Usage: ');
  });
});
