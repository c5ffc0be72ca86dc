import { setTimeout as sleep } from 'node:timers/promises';
import { loginOf, openMailbox } from '../../bench/fill-mailbox.ts';
import type { Dovecot } from '../../bench/servers/dovecot.ts';
import { mailUser } from './mail-site.ts';
import { noiseMails, poisonMails } from './noise.ts';
import type { Breaker } from './strike.ts';

export const mailboxBreakers = {
  'mail-poison': async ({ site, doors, fault }) => {
    const mails = poisonMails();
    // Whether it is refused or taken in is the bot's decision; that others go on is what counts.
    await site.dovecot.deliverMany(mailUser, mails).catch(() => {});
    await Promise.all(mails.map((mail) => doors.smtpRaw(mail, fault.bot)));
  },
  'mail-server-killed': async ({ site, fault }) => {
    await site.dovecot.halt();
    await sleep(fault.forMs);
    await site.dovecot.restart();
  },
  'mail-server-silent': async ({ site }) => {
    for (const { links } of site.bots) links.mail.silenceExisting();
  },
  'mailbox-recreated': ({ site }) => site.dovecot.restartWithNewUidValidity(mailUser),
  'mailbox-expunged': async ({ site }) => {
    await site.dovecot.deliverMany(mailUser, noiseMails(20));
    await withMailbox(site.dovecot, async (client) => {
      const found = await client.search({ subject: 'Newsletter' }, { uid: true });
      if (found) await client.messageDelete(found, { uid: true });
    });
  },
  'mailbox-moved': async ({ site }) => {
    await withMailbox(site.dovecot, async (client) => {
      await client.mailboxCreate('Archive').catch(() => {});
      await client.messageMove('1:*', 'Archive');
      await client.mailboxOpen('Archive');
      await client.messageMove('1:*', 'INBOX');
    });
  },
} as const satisfies Readonly<Record<string, Breaker>>;

type Client = ReturnType<typeof openMailbox>;

async function withMailbox(dovecot: Dovecot, work: (client: Client) => Promise<void>): Promise<void> {
  const client = openMailbox(loginOf(dovecot, mailUser));
  client.on('error', () => {});
  await client.connect();
  try {
    await client.mailboxOpen('INBOX');
    if (client.mailbox && client.mailbox.exists > 0) await work(client);
  } finally {
    client.close();
  }
}
