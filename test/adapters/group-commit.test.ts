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

describe('committing mails together', () => {
  test('those that arrive while a commit is under way go into the next, up to a number', async () => {
    const door = createMemoryDoor();
    const commits = createGroupCommit((mails) => door.admit(mails, null), 15);
    const release = door.holdNext();
    const added = Array.from({ length: 21 }, (_, number) => commits.add(mail(number)));
    release();
    await Promise.all(added);
    expect(door.batches).toEqual([1, 15, 5]);
    expect(door.subjects).toEqual(Array.from({ length: 21 }, (_, number) => String(number)));
  });

  test('a commit that fails fails for its own mails only', async () => {
    const door = createMemoryDoor();
    door.failNext(1);
    const commits = createGroupCommit((mails) => door.admit(mails, null), 15);
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
    const commits = createGroupCommit((mails) => door.admit(mails, null), 1);
    const added = [commits.add(mail(1)), commits.add(mail(2))];
    await commits.drained();
    expect(door.subjects).toEqual(['1', '2']);
    await Promise.all(added);
  });
});
