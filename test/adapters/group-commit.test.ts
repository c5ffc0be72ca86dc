import { describe, expect, test } from 'vitest';
import { createGroupCommit } from '../../src/adapters/smtp/group-commit.ts';
import type { RawMail } from '../../src/domain/mail.ts';
import { createMemoryDoor } from '../support/memory-door.ts';

function mail(number: number): RawMail {
  return {
    source: Buffer.from(`Message-ID: <${number}>\r\nSubject: ${number}\r\n\r\n`),
    via: 'smtp',
    receivedAt: new Date(0),
  };
}

const atMost = (mails: number) => ({ mails, bytes: 1_000_000 });

describe('committing mails together', () => {
  test('those that arrive while a commit is under way go into the next, up to a number', async () => {
    const door = createMemoryDoor();
    const commits = createGroupCommit((mails) => door.admit(mails, null), atMost(15));
    const release = door.holdNext();
    const added = Array.from({ length: 21 }, (_, number) => commits.add(mail(number)));
    release();
    await Promise.all(added);
    expect(door.batches).toEqual([1, 15, 5]);
    expect(door.subjects).toEqual(Array.from({ length: 21 }, (_, number) => String(number)));
  });

  test('a batch holds no more than so many bytes, but always one mail', async () => {
    const door = createMemoryDoor();
    const commits = createGroupCommit((mails) => door.admit(mails, null), { mails: 15, bytes: 100 });
    const release = door.holdNext();
    const sizes = [10, 60, 40, 1, 500, 99];
    const added = sizes.map((size, number) => {
      const { source, ...rest } = mail(number);
      return commits.add({ ...rest, source: Buffer.concat([source, Buffer.alloc(size)]).subarray(0, size) });
    });
    release();
    await Promise.all(added);
    expect(door.batches).toEqual([1, 2, 1, 1, 1]);
  });

  test('a commit that fails fails for its own mails only', async () => {
    const door = createMemoryDoor();
    door.failNext(1);
    const commits = createGroupCommit((mails) => door.admit(mails, null), atMost(15));
    const results = await Promise.allSettled([
      commits.add(mail(1)),
      commits.add(mail(2)),
      commits.add(mail(3)),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(door.subjects).toEqual(['2', '3']);
  });

  test('is drained once nothing waits any more', async () => {
    const door = createMemoryDoor();
    const commits = createGroupCommit((mails) => door.admit(mails, null), atMost(1));
    const added = [commits.add(mail(1)), commits.add(mail(2))];
    await commits.drained();
    expect(door.subjects).toEqual(['1', '2']);
    await Promise.all(added);
  });
});
