import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MailboxSession, openMailboxSession } from '../../src/adapters/imap/mailbox-session.ts';
import { type Dovecot, startDovecot } from '../support/dovecot.ts';

let dovecot: Dovecot;

beforeAll(async () => {
  dovecot = await startDovecot();
});

afterAll(() => dovecot.stop());

async function openSession(user: string): Promise<MailboxSession> {
  const password = () => dovecot.password;
  const { tlsCa, imapsPort: port } = dovecot;
  const address = { host: '127.0.0.1', port, secure: true, tlsCa, user, password, folder: 'INBOX' };
  return openMailboxSession(address, { silenceMs: 10_000, probeMs: 5_000 }, new AbortController().signal);
}

const mails = (count: number) => Array.from({ length: count }, (_, n) => `Subject: alert ${n + 1}\n\ntext\n`);

const doveadm = (...args: string[]) =>
  execFileSync('/usr/bin/doveadm', ['-c', dovecot.configFile, ...args], { encoding: 'utf8' });

test('messages that another session expunges after they were listed are left out, and the others are fetched', async () => {
  await dovecot.deliverMany('expunged', mails(4));
  const session = await openSession('expunged');
  const uids = (await session.list(1)).map(({ uid }) => uid);
  doveadm('expunge', '-u', 'expunged', 'mailbox', 'INBOX', 'uid', '2:3');
  const fetched = await session.fetch(uids);
  await session.close();
  expect(fetched.map(({ uid }) => uid)).toEqual([1, 4]);
  for (const { source } of fetched) expect(source).toBeInstanceOf(Uint8Array);
});

test('messages that were all moved away after they were listed are left out, and found at their new UIDs', async () => {
  await dovecot.deliverMany('moved', mails(3));
  const session = await openSession('moved');
  const uids = (await session.list(1)).map(({ uid }) => uid);
  doveadm('mailbox', 'create', '-u', 'moved', 'Archive');
  doveadm('move', '-u', 'moved', 'Archive', 'mailbox', 'INBOX', 'all');
  doveadm('move', '-u', 'moved', 'INBOX', 'mailbox', 'Archive', 'all');
  expect(await session.fetch(uids)).toEqual([]);
  const moved = (await session.list(4)).map(({ uid }) => uid);
  expect(moved).toEqual([4, 5, 6]);
  expect(await session.fetch(moved)).toHaveLength(3);
  await session.close();
});
