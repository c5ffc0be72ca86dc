import type { SeededRandom } from '../chaos/seeded-random.ts';
import { pick } from './cases.ts';

/** Largest mail that is made, in bytes. */
const mostBytes = 8_000_000;

/** Builds a mail whose structure is costly or misleading to read; `size` is about its length in bytes. */
type Shape = (size: number, random: SeededRandom) => string;

const from = 'From: restage@int-38.example.net';
const subject = 'Subject: [dist] FAILED: geo-db to client-1';
const base = [from, subject, 'Date: Mon, 2 Nov 2026 10:00:00 +0000', 'MIME-Version: 1.0'];

function mail(headers: readonly string[], body: string): string {
  return `${[...base, ...headers].join('\r\n')}\r\n\r\n${body}`;
}

function fill(unit: string, size: number): string {
  return unit.repeat(Math.max(1, Math.floor(size / unit.length)));
}

function multipart(depth: number, inner: string): string {
  let body = inner;
  for (let level = 0; level < depth; level += 1)
    body = `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n${body}\r\n--b${level}--\r\n`;
  return `${base.join('\r\n')}\r\n${body}`;
}

function forwarded(depth: number): string {
  const layer = 'Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n\r\n';
  return `${base.join('\r\n')}\r\n${layer.repeat(depth)}${from}\r\n\r\nDevice: client-1\r\n`;
}

/** Every way of making a reader work hard, or wait for ever, that has been seen or thought of. */
const shapes: Readonly<Record<string, Shape>> = {
  'encoded words in the subject': (size) =>
    mail([`X-Subject: ${fill('=?utf-8?q?=41?= ', size)}`], 'Device: client-1\r\n'),
  'encoded words on folded lines': (size) => mail([`X-Long: ${fill('=?utf-8?b?QUFB?=\r\n ', size)}`], ''),
  'encoded words that never end': (size) => mail([`X-Long: ${fill('=?utf-8?q?', size)}`], ''),
  'a From of commas': (size) => `From: ${fill(',', size)}\r\n${subject}\r\n\r\nDevice: client-1\r\n`,
  'a From of parentheses': (size) => `From: ${fill('(', size)}\r\n${subject}\r\n\r\n`,
  'a From of quotes': (size) => `From: ${fill('"\\"', size)}\r\n${subject}\r\n\r\n`,
  'a From of angle brackets': (size) => `From: ${fill('<a@b>,', size)}\r\n${subject}\r\n\r\n`,
  'many header fields': (size) => mail([fill('X-A: b\r\n', size).trimEnd()], ''),
  'one long header name': (size) => mail([`X${fill('-', size)}: a`], ''),
  'headers without a blank line': (size) => `${base.join('\r\n')}\r\n${fill('X-A: b\r\n', size)}`,
  'a header of blanks': (size) => mail([`X-A: ${fill(' \t', size)}`], ''),
  'a long Message-ID': (size) => mail([`Message-ID: <${fill('a', size)}@b>`], 'Device: client-1\r\n'),
  'a long Content-Type': (size) => mail([`Content-Type: text/plain; ${fill('a=b; ', size)}`], 'x'),
  'parameters in pieces': (size) =>
    mail([`Content-Type: text/plain; ${pieces(Math.floor(size / 20))}`], 'Device: client-1\r\n'),
  'a long boundary': (size) =>
    mail([`Content-Type: multipart/mixed; boundary="${fill('b', size)}"`], '--b\r\n\r\nx'),
  'nested multiparts': (size, random) => multipart(Math.min(size, random.between(2, 5000)), 'x'),
  'nested forwards': (size, random) => forwarded(Math.min(size, random.between(1, 5000))),
  'a forward of headers only': () =>
    `${from}\r\nContent-Type: message/rfc822\r\nContent-Disposition: inline\r\n`,
  'many parts': (size) => mail(['Content-Type: multipart/mixed; boundary=b'], fill('--b\r\n\r\nx\r\n', size)),
  'parts of every charset': (size, random) =>
    mail(
      [`Content-Type: text/plain; charset=${pick(random, charsets)}`],
      fill('\u00E4\u00F6\u00FC Device: client-1\r\n', size),
    ),
  'boundaries everywhere': (size) =>
    mail(['Content-Type: multipart/mixed; boundary=-'], fill('-----\r\n', size)),
  'nested HTML': (size) => mail(['Content-Type: text/html'], fill('<div>', size)),
  'HTML of tables': (size) => mail(['Content-Type: text/html'], fill('<table><tr><td>', size)),
  'HTML of lists': (size) => mail(['Content-Type: text/html'], fill('<ul><li>', size)),
  'HTML of open brackets': (size) => mail(['Content-Type: text/html'], fill('<', size)),
  'HTML of entities': (size) => mail(['Content-Type: text/html'], fill('&#x41;', size)),
  'HTML of comments': (size) => mail(['Content-Type: text/html'], fill('<!--', size)),
  'HTML of attributes': (size) => mail(['Content-Type: text/html'], `<p ${fill('a="', size)}`),
  'a body of base64': (size) =>
    mail(['Content-Transfer-Encoding: base64', 'Content-Type: text/plain'], fill('QUFB\r\n', size)),
  'base64 that is none': (size) => mail(['Content-Transfer-Encoding: base64'], fill('=!=\r\n', size)),
  'quoted-printable without ends': (size) =>
    mail(['Content-Transfer-Encoding: quoted-printable'], fill('=3D=\r\n', size)),
  'uuencode without an end': (size) =>
    mail(['Content-Transfer-Encoding: x-uuencode'], `begin 644 a\r\n${fill('M____\r\n', size)}`),
  'one long line': (size) => mail([], fill('a', size)),
  'lines of blanks': (size) => mail([], fill(' \t \t\r\n', size)),
  'empty lines': (size) => mail([], fill('\r\n', size)),
  'fields without an end': (size) => mail([], fill('Device: client-1\r\n', size)),
  'a name that nearly fits': (size) => mail([], `Device: ${fill('a-', size)}!`),
  'a failure of many words': (size) => mail([], `Failure: ${fill('failed to connect ', size)}\r\n`),
  'a play that goes on': (size) => mail([], fill('fatal: [client-1]: FAILED! => {"msg": "', size)),
  'flowed text': (size) =>
    mail(['Content-Type: text/plain; format=flowed; delsp=yes'], fill('> a \r\n', size)),
  'attachments of text': (size) =>
    mail(
      ['Content-Type: multipart/mixed; boundary=b'],
      fill('--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nx\r\n', size),
    ),
  'a Date of parentheses': (size) => `${from}\r\nDate: ${fill('(', size)}\r\n\r\n`,
  NULs: (size) => mail([], fill('\0', size)),
};

const charsets = [
  'utf-8',
  'utf-7',
  'utf-16',
  'iso-2022-jp',
  'gb18030',
  'x-none',
  'koi8-r',
  'hz-gb-2312',
  '""',
];

function pieces(count: number): string {
  return Array.from({ length: count }, (_, index) => `n*${index}*=%41`).join('; ');
}

/** Sizes, in bytes: small ones often, since they are cheap to try; the largest seldom. */
const sizes = [10, 200, 4_000, 60_000] as const;
const largeSizes = [400_000, 1_000_000, 4_000_000, mostBytes - 2_000] as const;

/** A costly shape as mail and, for reports, its name. */
export interface ShapedMail {
  readonly name: string;
  readonly bytes: Buffer;
}

/** One in this many shapes is large: some of those keep their reader busy until its deadline, and would take up half of a run. */
const largeEvery = 60;

/** Returns one of the shapes, seldom a large one. */
export function shapeMail(random: SeededRandom): ShapedMail {
  const name = pick(random, Object.keys(shapes));
  const size = random.between(0, largeEvery) === 0 ? pick(random, largeSizes) : pick(random, sizes);
  return buildShape(name, size, random);
}

/** Returns the shape of an index at the largest size, for a first pass that tries each once; `null` past the last shape. */
export function largestShape(index: number, random: SeededRandom): ShapedMail | null {
  const name = Object.keys(shapes)[index];
  return name === undefined ? null : buildShape(name, mostBytes - 2_000, random);
}

function buildShape(name: string, size: number, random: SeededRandom): ShapedMail {
  const text = shapes[name]?.(size, random) ?? '';
  return { name: `${name}, ${size} bytes`, bytes: Buffer.from(text, 'latin1').subarray(0, mostBytes) };
}
