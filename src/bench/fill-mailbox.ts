import { chownSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ImapFlow } from 'imapflow';
import type { Dovecot } from './servers/dovecot.ts';

/**
 * Puts mails into a user's mailbox: the first by LMTP, the others as files in its Maildir, as a delivery agent leaves
 * them. Afterwards the server has given all of them their UIDs.
 */
export async function fillMailbox(dovecot: Dovecot, user: string, mails: Iterable<Buffer>): Promise<void> {
  const all = mails[Symbol.iterator]();
  const first = all.next();
  if (first.done === true) return;
  await dovecot.deliver(user, first.value);
  const maildir = dovecot.maildir(user);
  const { uid, gid } = statSync(maildir);
  let count = 1;
  for (let next = all.next(); next.done !== true; next = all.next()) {
    count += 1;
    writeMessage(maildir, next.value, count, { uid, gid });
  }
  await index(dovecot, user, count);
}

function writeMessage(
  maildir: string,
  mail: Buffer,
  count: number,
  { uid, gid }: { uid: number; gid: number },
): void {
  const wire = mail.length + mail.toString('latin1').split('\n').length - 1;
  const name = `${Math.floor(Date.now() / 1000)}.M${String(count).padStart(7, '0')}P1.bench`;
  const draft = path.join(maildir, 'tmp', name);
  writeFileSync(draft, mail);
  chownSync(draft, uid, gid);
  renameSync(draft, path.join(maildir, 'new', `${name},S=${mail.length},W=${wire}`));
}

async function index(dovecot: Dovecot, user: string, expected: number): Promise<void> {
  const client = openMailbox(loginOf(dovecot, user));
  await client.connect();
  const { exists } = await client.mailboxOpen('INBOX', { readOnly: true });
  await client.logout();
  if (exists !== expected)
    throw new Error(`the mailbox of ${user} has ${exists} messages instead of ${expected}`);
}

export interface MailboxLogin {
  readonly port: number;
  readonly tlsCa: string;
  readonly user: string;
  readonly password: string;
}

export function loginOf({ imapsPort, tlsCa, password }: Dovecot, user: string): MailboxLogin {
  return { port: imapsPort, tlsCa, user, password };
}

export function openMailbox({ port, tlsCa, user, password }: MailboxLogin): ImapFlow {
  return new ImapFlow({
    host: '127.0.0.1',
    port,
    secure: true,
    tls: { ca: tlsCa },
    auth: { user, pass: password },
    logger: false,
  });
}
