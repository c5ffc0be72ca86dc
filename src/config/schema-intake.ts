import { z } from 'zod';
import { host, mailDomain, name, network, readableFile, size, text, wholeNumber, yesNo } from './fields.ts';

/** Where mail comes in. */
export function createIntakeSchema(resolvePath: (path: string) => string) {
  const mailbox = z.strictObject({
    name: name('alerts'),
    host: host('mail.example.net'),
    port: wholeNumber({ min: 1, max: 65_535 }, '993').default(993),
    secure: yesNo('true').default(true),
    tlsCaFile: readableFile(resolvePath, 'tls/ca.pem').nullable().default(null),
    user: text("the mailbox's user", 'restage@example.net'),
    folder: text("a folder's name", 'INBOX').default('INBOX'),
  });
  const listener = z
    .strictObject({
      host: host('127.0.0.1').default('127.0.0.1'),
      port: wholeNumber({ min: 0, max: 65_535 }, '2525').default(2525),
      allowFrom: z.array(network('127.0.0.0/8')).default(['127.0.0.0/8', '::1/128']),
      maxSize: size('5MB').default(5_000_000),
    })
    .transform(({ maxSize, ...listen }) => ({ ...listen, maxSizeBytes: maxSize }));
  return z
    .strictObject({ imap: z.array(mailbox).default([]), smtp: listener.nullable().default(null) })
    .prefault({});
}

/** Which senders are believed. */
export const validationSchema = z
  .strictObject({
    domains: z.array(mailDomain('example.net')).default([]),
    nodes: z.array(text("a node's name, with * for any part of it", 'int-*', /^[a-z0-9*._-]+$/i)).default([]),
    relays: z
      .array(text('local@domain, a domain or a host name', 'ansible@example.net', /^\S+$/))
      .default([]),
    rejectSubjectWords: z.array(text('a word', 'test')).default([]),
  })
  .prefault({});
