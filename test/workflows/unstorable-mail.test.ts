import { afterEach, describe, expect, it } from 'vitest';
import type { RawMail } from '../../src/domain/mail.ts';
import { RestageError } from '../../src/domain/errors.ts';
import type { Store, Tx } from '../../src/domain/store/store.ts';
import { admit } from '../../src/workflows/intake/admit.ts';
import { readmitMail } from '../../src/workflows/intake/readmit.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { alertMail, createWorkbench, start, type Workbench } from '../support/workbench.ts';

describeOnBothDatabases('A1: no mail stops intake', (open) => {
  let bench: Workbench;
  afterEach(() => bench.close());

  const mails = (state: 'accepted' | 'dead-letter' | null = null) =>
    bench.deps.store.transaction((tx) => tx.storedMails({ state, since: null, limit: 99 }));
  const strange = (headers: string): RawMail => ({
    source: Buffer.from(`${headers}\r\n\r\nx`),
    via: 'test',
    receivedAt: start,
  });
  const changed = (from: RegExp, to: string): RawMail => {
    const mail = alertMail('int-58', start);
    return { ...mail, source: Buffer.from(Buffer.from(mail.source).toString().replace(from, to)) };
  };
  const far = (length: number) =>
    Array.from({ length }, (_, n) => String.fromCharCode(0x4e00 + ((n * 7919) % 20000))).join('');

  it.each([
    ['NUL in the subject', () => strange('From: a@evil.example\r\nSubject: =?utf-8?b?YQBi?=')],
    ['NUL in the sender', () => strange('From: "a\0b"@evil.example\r\nSubject: a')],
    [
      'half a character in the subject',
      () => strange('From: a@evil.example\r\nSubject: =?utf-16le?b?Pdg=?='),
    ],
    ['NUL in an alert’s Message-ID', () => changed(/Message-ID: .*/, 'Message-ID: =?utf-8?q?<a=00b@x>?=')],
    ['a Message-ID of 900 characters', () => changed(/Message-ID: .*/, `Message-ID: <${far(900)}>`)],
    ['NUL in an alert’s field', () => changed(/Package: .*/, 'Package: geo\0db')],
    [
      'fields longer than an index takes',
      () => alertMail('int-58', start, { Job: far(290), Package: far(290), Recipient: far(290) }),
    ],
    ['an attempt beyond every number', () => alertMail('int-58', start, { Attempt: '99999999999' })],
  ])('%s: it is kept, and the others in its batch count', async (_what, make) => {
    bench = await createWorkbench(await open());
    await bench.receive(make(), alertMail('int-58', start));
    await bench.receive(alertMail('int-58', start));
    const { alerts, alertsInMails } = await bench.deps.store.transaction((tx) => tx.sums());
    expect(await mails()).toHaveLength(3);
    expect(Object.values(alerts).reduce((a, b) => a + b, 0)).toBe(alertsInMails);
    expect(alertsInMails).toBeGreaterThanOrEqual(2);
  });

  describe('one that the database refuses all the same', () => {
    const poisonAt = new Date(start.getTime() + 1);
    const cursor = { mailbox: 'alerts', uidValidity: 1n, lastUid: 7 };
    /** Refuses alerts that came at that moment. */
    const refusing = (store: Store, fault: () => Error): Store => {
      const poisoned = (tx: Tx): Tx => {
        const addMails: Tx['addMails'] = async (records) => {
          const isRefused = records.some(
            ({ state, receivedAt }) => state === 'accepted' && receivedAt.getTime() === poisonAt.getTime(),
          );
          if (isRefused) throw fault();
          return tx.addMails(records);
        };
        return Object.assign(Object.create(tx) as Tx, { addMails });
      };
      return {
        ...store,
        transaction: (work) => store.transaction((tx) => work(poisoned(tx))),
        intakeTransaction: (steps) =>
          store.intakeTransaction({ ...steps, store: (tx, prepared) => steps.store(poisoned(tx), prepared) }),
      };
    };
    const bring = (fault: () => Error) =>
      admit(
        { ...bench.deps, store: refusing(bench.deps.store, fault) },
        [alertMail('int-58', start), alertMail('int-58', poisonAt), alertMail('int-58', start)],
        cursor,
      );

    it('becomes a dead letter, the others count, and the mailbox is read on', async () => {
      bench = await createWorkbench(await open());
      await bring(() => new Error('invalid byte sequence'));
      const [dead] = await mails('dead-letter');
      expect(dead).toMatchObject({
        gate: 'mime',
        reason: 'could-not-be-stored',
        subject: '',
        fromAddress: null,
      });
      expect(await mails('accepted')).toHaveLength(2);
      expect(await bench.deps.store.transaction((tx) => tx.cursorOf('alerts'))).toEqual(cursor);
      const readmitted = await readmitMail(bench.deps, dead?.id ?? 0, 'ana');
      expect(readmitted).toMatchObject({ readmitted: true });
    });

    it('is brought again when the database was only away', async () => {
      bench = await createWorkbench(await open());
      const away = () => new RestageError('database-unavailable', 'away');
      await expect(bring(away)).rejects.toMatchObject({ code: 'database-unavailable' });
      expect(await mails()).toEqual([]);
      expect(await bench.deps.store.transaction((tx) => tx.cursorOf('alerts'))).toBeNull();
    });
  });
});
