import { z } from 'zod';
import {
  asciiName,
  host,
  mailDomain,
  name,
  network,
  readableFile,
  size,
  text,
  wholeNumber,
  yesNo,
} from './fields.ts';
import { httpSchema } from './schema-http.ts';

/** Where mail, and JSON alerts, come in. */
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
    .strictObject({
      imap: z.array(mailbox).default([]),
      smtp: listener.nullable().default(null),
      http: httpSchema.nullable().default(null),
    })
    .prefault({});
}

/** A part of an international name has no form of its own in mail: there `*` can't stand. */
const nodeName = asciiName(
  text(
    "a node's name, with * for any part of one in ASCII",
    'int-*',
    /^(?:[a-z0-9*_-]+|[\p{L}\p{N}_-]+)(?:\.(?:[a-z0-9*_-]+|[\p{L}\p{N}_-]+))*$/iu,
  ),
);
const namePatterns = (example: string) =>
  z.array(text('a name, with * for any part of it', example, /^\S+$/)).default([]);
const scope = { packages: namePatterns('edge-*'), jobs: namePatterns('nightly-*') };

/** Which senders are believed; an entry may be for some packages or jobs alone (A3). */
export const validationSchema = z
  .strictObject({
    domains: z
      .array(
        z.union([mailDomain('example.net'), z.strictObject({ domain: mailDomain('example.net'), ...scope })]),
      )
      .default([]),
    nodes: z.array(z.union([nodeName, z.strictObject({ node: nodeName, ...scope })])).default([]),
    relays: z
      .array(asciiName(text('local@domain, a domain or a host name', 'ansible@example.net', /^\S+$/)))
      .default([]),
    rejectSubjectWords: z.array(text('a word', 'test')).default([]),
  })
  .prefault({});
