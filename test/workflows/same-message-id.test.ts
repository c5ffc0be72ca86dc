import { afterEach, expect, it } from 'vitest';
import { readMime } from '../support/mime-reader.ts';
import type { RawMail } from '../../src/domain/mail.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { alertMail, createWorkbench, start, type Workbench } from '../support/workbench.ts';

const change = (mail: RawMail, from: RegExp, to: string): RawMail => ({
  ...mail,
  source: Buffer.from(Buffer.from(mail.source).toString().replace(from, to)),
});

describeOnBothDatabases('A1: a Message-ID that comes again', (open) => {
  let bench: Workbench;
  afterEach(() => bench.close());
  const accepted = async () => (await bench.deps.store.transaction((tx) => tx.sums())).alertsInMails;

  it('with other content is another mail, whether it comes in the same batch or later', async () => {
    bench = await createWorkbench(await open());
    const constant = (device: string) =>
      change(alertMail(device, start), /Message-ID: .*/, 'Message-ID: <constant@tool>');
    await bench.receive(constant('int-58'));
    await bench.receive(constant('int-38'), constant('dist-01'));
    expect(await accepted()).toBe(3);
  });

  it('with another subject is another mail', async () => {
    bench = await createWorkbench(await open());
    const mail = alertMail('int-58', start);
    await bench.receive(mail);
    await bench.receive(change(mail, /FAILED/, 'FAILED again'));
    expect(await accepted()).toBe(2);
  });

  it('over a mailing list is the same mail, although its subject bears the tag of the list', async () => {
    bench = await createWorkbench(await open());
    const mail = alertMail('int-58', start);
    const copy = change(
      mail,
      /Subject: /,
      'List-Id: Site alerts <alerts.lists.example.net>\r\nSubject: [alerts] ',
    );
    await bench.receive(mail);
    await bench.receive(copy);
    expect(await accepted()).toBe(1);
    await bench.receive(change(copy, /\[alerts\]/, '[int-58]'));
    expect(await accepted()).toBe(2);
  });

  it('in a header of a list that gives its copy another Message-ID, and a footer, is the same mail', async () => {
    bench = await createWorkbench(await open());
    const mail = alertMail('int-58', start);
    const [, id = ''] = /Message-ID: (.*)/.exec(Buffer.from(mail.source).toString()) ?? [];
    const list = 'List-Id: <alerts.lists.example.net>\r\nMessage-ID: <list@lists.example.net>\r\n';
    const listed = change(mail, /Message-ID: .*\r\n/, `${list}X-Original-Message-ID: ${id}\r\n`);
    const footer = `\r\n${'_'.repeat(47)}\r\nalerts mailing list\r\nhttps://lists.example.net/alerts\r\n`;
    await bench.receive(mail);
    await bench.receive(change(listed, /$/, footer));
    expect(await accepted()).toBe(1);
  });

  it('is the same mail if version 0.1 stored it, by a key without its subject', async () => {
    bench = await createWorkbench(await open());
    const mail = alertMail('int-58', start);
    const { key, formerKey, subject } = await readMime(mail);
    const record = {
      via: 'smtp',
      receivedAt: start,
      fromAddress: null,
      format: 'plain',
      gates: [],
      source: mail.source,
    };
    await bench.deps.store.transaction((tx) =>
      tx.addMails([{ ...record, key: formerKey ?? '', subject, state: 'accepted', alertCount: 0 }]),
    );
    await bench.receive(mail);
    expect(await accepted()).toBe(0);
    await bench.receive(change(mail, /FAILED/, 'FAILED again'));
    expect(await accepted()).toBe(1);
    expect(key).not.toBe(formerKey);
  });

  it('on another route is the same mail: it counts once', async () => {
    bench = await createWorkbench(await open());
    const mail = alertMail('int-58', start);
    await bench.receive({ ...mail, via: 'imap:alerts' });
    await bench.receive({
      ...change(mail, /^/, 'Received: from relay.example.net\r\nX-Spam: no\r\n'),
      via: 'smtp',
    });
    expect(await accepted()).toBe(1);
  });
});
