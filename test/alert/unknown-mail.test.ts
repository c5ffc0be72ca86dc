import { describe, expect, test } from 'vitest';
import { findBeginnings, groupKinds, kindOf } from '../../src/alert/unknown-mail.ts';

const start = new Date('2026-11-23T08:00:00Z');
const hours = (count: number) => new Date(start.getTime() + count * 3_600_000);
const week = 7 * 24 * 3_600_000;

const mail = (id: number, fromAddress: string, subject: string, at = 0) => ({
  id,
  fromAddress,
  subject,
  receivedAt: hours(at),
});

describe('kinds of unknown mail', () => {
  test('differ in more than names and numbers; without words the sender decides', () => {
    const one = mail(1, 'root@int-38', 'Backup of int-38.example.net failed at 03:00');
    expect(kindOf(one)).toBe(kindOf(mail(2, 'root@int-41', 'Backup of int-41.example.net failed at 04:10')));
    expect(kindOf(one)).not.toBe(
      kindOf(mail(3, 'root@int-38', 'Restore of int-38.example.net failed at 03:00')),
    );
    expect(kindOf(mail(4, 'a@x', '4711'))).not.toBe(kindOf(mail(5, 'b@x', '4712')));
  });

  test('are counted with their senders, the most frequent first', () => {
    const mails = [
      mail(1, 'a@x', 'Other thing'),
      mail(2, 'a@x', 'Backup 1'),
      mail(3, 'b@x', 'Backup 2', 1),
      mail(4, 'b@x', 'Backup 3', 2),
    ];
    expect(groupKinds(mails)).toMatchObject([
      {
        mails: [{ id: 4 }, { id: 3 }, { id: 2 }],
        senders: [
          { address: 'b@x', mails: 2 },
          { address: 'a@x', mails: 1 },
        ],
      },
      { mails: [{ id: 1 }] },
    ]);
  });
});

describe('unknown mail begins', () => {
  const beginnings = (...mails: readonly ReturnType<typeof mail>[]) =>
    findBeginnings(mails, hours(0), week).map(({ id }) => id);

  test('once for a tool on many hosts, and once for a sender whose subjects all differ', () => {
    expect(
      beginnings(mail(1, 'root@a', 'Backup 1'), mail(2, 'root@b', 'Backup 2'), mail(3, 'root@c', 'Backup 3')),
    ).toEqual([1]);
    expect(
      beginnings(mail(1, 'root@a', 'apples rot'), mail(2, 'root@a', 'pears rot'), mail(3, 'root@a', 'plums')),
    ).toEqual([1]);
    expect(beginnings(mail(1, 'root@a', 'apples rot'), mail(2, 'root@b', 'pears rot'))).toEqual([1, 2]);
  });

  test('not while it goes on, and anew after a week of rest', () => {
    expect(beginnings(mail(1, 'root@a', 'Backup 1', -1), mail(2, 'root@a', 'Backup 2', 1))).toEqual([]);
    expect(beginnings(mail(1, 'root@a', 'Backup 1', -169), mail(2, 'root@a', 'Backup 2', 1))).toEqual([2]);
  });
});
