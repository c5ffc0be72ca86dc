import { createCase, pick } from './cases.ts';
import { makeBelievedMail } from './mail-kinds.ts';
import { largestShape, type ShapedMail, shapeMail } from './mail-shapes.ts';
import { mutate } from './mutate.ts';
import { seedMails } from './seeds.ts';
import type { FuzzRun } from './target.ts';

/** Words that decide how a mail is read. */
const tokens = [
  'Content-Type: multipart/mixed; boundary=b\r\n',
  'Content-Type: message/rfc822\r\n',
  'Content-Type: text/html; charset=utf-7\r\n',
  'Content-Disposition: inline\r\n',
  'Content-Disposition: attachment; filename*0*=a\r\n',
  'Content-Transfer-Encoding: base64\r\n',
  'Content-Transfer-Encoding: quoted-printable\r\n',
  'From: a@example.net\r\n',
  'Auto-Submitted: auto-replied\r\n',
  'Message-ID: <1@example.net>\r\n',
  '--b\r\n',
  '--b--\r\n',
  '=?utf-8?q?=41?=',
  '=?iso-2022-jp?b?',
  '\r\n\r\n',
  '\r\n.\r\n',
  'Device: ',
  'Failure: ',
  '=\r\n',
  '"',
  '(',
  '<',
];

/** One mail in four is a costly shape, which may be mutated too; two are believed, so that formats read them; one is a mutation of real mail. */
const kindsOfMail = 4;

/** Returns how to make the mail of an index: `withLargest` first each shape at its largest, then random ones. */
export function createMailMaker({
  seed,
  withLargest,
}: Pick<FuzzRun, 'seed' | 'withLargest'>): (index: number) => ShapedMail {
  const seeds = seedMails();
  return (index) => {
    const { random } = createCase(seed, 'mails', index);
    const shape = withLargest ? largestShape(index, random) : null;
    if (shape) return shape;
    const kind = random.between(0, kindsOfMail);
    if (kind < 2) return { name: String(index), bytes: makeBelievedMail(index, random, tokens) };
    if (kind === 2) return { name: String(index), bytes: mutate(pick(random, seeds), random, tokens) };
    const { name, bytes } = shapeMail(random);
    const isMutated = random.between(0, 2) === 0;
    return { name: `${index} (${name})`, bytes: isMutated ? mutate(bytes, random, tokens) : bytes };
  };
}

/** Returns the envelope's sender of the mail of an index, by which its source differs from all others. */
export function senderOf(index: number): string {
  return `fuzz-${index}@int-38.example.net`;
}

/** Returns a mail as SMTP hands it over: it ends with a line end. */
export function withLineEnd(bytes: Buffer): Buffer {
  const ends = bytes.subarray(-2).toString('latin1') === '\r\n';
  return ends ? bytes : Buffer.concat([bytes, Buffer.from('\r\n')]);
}
