import { eq, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { bulkInsert, bulkUpdate, rowsOf } from '../../../src/adapters/postgres/bulk-rows.ts';
import { mails } from '../../../src/adapters/postgres/schema/mails.ts';
import { describeStatements } from '../../support/databases.ts';

const mail = {
  key: 'one@int-38',
  via: 'imap:alerts',
  receivedAt: new Date('2026-11-23T12:00:00.123Z'),
  fromAddress: null,
  subject: 'Köln "3" \\u0000 \n',
  state: 'rejected' as const,
  format: null,
  gate: 'subject',
  reason: 'reply',
  gates: [{ gate: 'subject' as const, passed: false, reason: 'reply', values: { by: 'subject', n: 1 } }],
  alertCount: 0,
  source: new Uint8Array([0, 1, 13, 10, 128, 255]),
};

describeStatements('many rows in one statement', (open) => {
  it('every value comes back as it went in, columns without values get their defaults', async () => {
    const database = await open();
    await database.transaction(async ({ db }) => {
      await db.execute(bulkInsert(db, mails, [mail]));
      const [row] = await db.select().from(mails);
      expect(row).toMatchObject({ ...mail, source: expect.anything(), mediaType: 'message/rfc822', id: 1 });
      expect([...(row?.source ?? [])]).toEqual([...mail.source]);
    });
    await database.close();
  });

  it.each([
    ['with a NUL among them', [0, 0]],
    ['without a NUL', [13, 10, 92, 128]],
  ])('each row gets its own bytes, also none and an empty one; %s', async (_, last) => {
    const database = await open();
    await database.transaction(async ({ db }) => {
      const sources = [[1, 2, 3], [], null, [255], last].map((one) => one && new Uint8Array(one));
      const rows = sources.map((source, index) => ({ ...mail, key: `mail-${index}`, source }));
      await db.execute(bulkInsert(db, mails, rows));
      const stored = await db.select().from(mails).orderBy(mails.key);
      expect(stored.map(({ source }) => source && [...source])).toEqual(
        sources.map((one) => one && [...one]),
      );
    });
    await database.close();
  });

  it('more rows than a statement may have parameters', async () => {
    const database = await open();
    await database.transaction(async ({ db }) => {
      const rows = Array.from({ length: 6_000 }, (_, index) => ({ ...mail, key: `mail-${index}` }));
      const added = await db.execute(
        sql`${bulkInsert(db, mails, [...rows, mail, mail])} on conflict do nothing returning key`,
      );
      expect(rowsOf(added)).toHaveLength(6_001);
    });
    await database.close();
  });

  it('characters that no text can hold become the replacement character', async () => {
    const database = await open();
    await database.transaction(async ({ db }) => {
      const subject = 'NUL \0, half \ud83d, whole 💾, written \\u0000';
      await db.execute(bulkInsert(db, mails, [{ ...mail, subject }]));
      const [row] = await db.select().from(mails).where(eq(mails.key, mail.key));
      expect(row?.subject).toBe('NUL \ufffd, half \ufffd, whole 💾, written \\u0000');
    });
    await database.close();
  });

  it('changes many rows, each to its own values, and nothing else', async () => {
    const database = await open();
    await database.transaction(async ({ db }) => {
      const keys = ['one', 'two', 'three'];
      await db.execute(
        bulkInsert(
          db,
          mails,
          keys.map((key) => ({ ...mail, key })),
        ),
      );
      const changes = [
        { id: 1, reason: 'it’s "new"', readmittedAt: mail.receivedAt, gates: [] },
        { id: 3, reason: 'other', readmittedAt: null, gates: mail.gates },
      ];
      await db.execute(bulkUpdate(mails, changes));
      const stored = await db.select().from(mails).orderBy(mails.id);
      expect(
        stored.map(({ key, reason, readmittedAt, gates }) => ({ key, reason, readmittedAt, gates })),
      ).toEqual([
        { key: 'one', reason: 'it’s "new"', readmittedAt: mail.receivedAt, gates: [] },
        { key: 'two', reason: 'reply', readmittedAt: null, gates: mail.gates },
        { key: 'three', reason: 'other', readmittedAt: null, gates: mail.gates },
      ]);
    });
    await database.close();
  });
});
