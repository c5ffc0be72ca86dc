import { simpleParser } from 'mailparser';
import { type MailboxLogin, openMailbox } from './fill-mailbox.ts';

/**
 * What a first attempt looks like: fetch every message, parse it, keep nothing. A process of its own, as the bot is
 * one; its argument is the login as JSON, and it prints how many mails it read in how many ms.
 */
const login = JSON.parse(process.argv[2] ?? '{}') as MailboxLogin;
const client = openMailbox(login);
await client.connect();
await client.mailboxOpen('INBOX', { readOnly: true });
const startedAt = performance.now();
const processorBefore = process.cpuUsage();
let mails = 0;
for await (const { source } of client.fetch('1:*', { source: true })) {
  if (source === undefined) continue;
  await simpleParser(source);
  mails += 1;
}
const tookMs = performance.now() - startedAt;
const { user, system } = process.cpuUsage(processorBefore);
await client.logout();
process.stdout.write(`${JSON.stringify({ mails, tookMs, processorMs: (user + system) / 1000 })}\n`);
