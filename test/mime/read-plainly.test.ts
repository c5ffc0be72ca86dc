import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFields, readFields, splitSource } from '../../src/adapters/mime/read-headers.ts';
import { readPlainText } from '../../src/adapters/mime/read-plainly.ts';
import { parseByLibrary } from '../support/parse-by-library.ts';

const readPlainly = (source: Buffer) => {
  const { block, body } = splitSource(source);
  return readPlainText(decodeFields(readFields(block)), body)?.text ?? null;
};
const mailOf = (headers: readonly string[], body: string, end = '\r\n') =>
  Buffer.from(['From: root@int-38.example.net', ...headers, '', body].join(end));

describe('A1: a plainly simple mail is read without the library', () => {
  it.each([
    ['no MIME headers', []],
    ['text/plain', ['Content-Type: text/plain']],
    ['UTF-8', ['Content-Type: text/plain; charset="UTF-8"', 'Content-Transfer-Encoding: 8bit']],
    ['any charset, when there is only ASCII', ['Content-Type: text/plain; charset=iso-8859-1']],
  ])('%s', (_name, headers) => {
    expect(readPlainly(mailOf(headers, 'Device: int-58\r\nFailure: timeout\r\n'))).toBe(
      'Device: int-58\nFailure: timeout\n',
    );
  });

  it.each([
    ['base64', ['Content-Transfer-Encoding: base64'], 'RGV2aWNlOiBpbnQtNTg='],
    ['quoted-printable', ['Content-Transfer-Encoding: quoted-printable'], 'Device: int=2D58'],
    ['several parts', ['Content-Type: multipart/mixed; boundary=x'], '--x\r\n\r\nDevice: int-58\r\n--x--'],
    ['HTML', ['Content-Type: text/html'], '<p>Device: int-58'],
    ['wrapped lines', ['Content-Type: text/plain; format=flowed'], 'Device: \r\nint-58'],
    ['another charset', ['Content-Type: text/plain; charset=utf-16'], 'Device: int-58'],
    ['8-bit text in no charset', [], 'Gerät: int-58'],
    ['two types', ['Content-Type: text/plain', 'Content-Type: text/html'], 'Device: int-58'],
    ['an attachment', ['Content-Disposition: attachment'], 'Device: int-58'],
    ['lone carriage returns', [], 'Device: int-58\rFailure: timeout'],
  ])('%s is left to it', (_name, headers, body) => {
    expect(readPlainly(mailOf(headers, body))).toBeNull();
  });
});

describe('A1: both ways of reading agree', () => {
  const folder = new URL('../fixtures/mail/', import.meta.url);
  const corpus = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.eml'),
  );

  it('on every mail of the corpus that is simple', async () => {
    let simple = 0;
    for (const file of corpus) {
      const source = readFileSync(new URL(file, folder));
      const text = readPlainly(source);
      if (text === null) continue;
      simple += 1;
      expect([file, text]).toEqual([file, await parseByLibrary(source)]);
    }
    expect(simple).toBeGreaterThan(20);
  });

  it('on whatever else is sent', async () => {
    const header = fc.constantFrom(
      'Content-Type: text/plain',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Type: TEXT/PLAIN;\r\n\tcharset="us-ascii"',
      'Content-Type: text/plain; charset=ISO-8859-1',
      'Content-Type: text/plain; charset=utf-8; format=flowed',
      'Content-Type: text/html',
      'Content-Type: multipart/mixed; boundary=x',
      'Content-Type:',
      'Content-Transfer-Encoding: 7bit',
      'Content-Transfer-Encoding: 8bit',
      'Content-Transfer-Encoding: base64',
      'Content-Transfer-Encoding: quoted-printable',
      'Content-Disposition: inline',
      'MIME-Version: 1.0',
      'Subject: =?utf-8?q?=C3=A4?=',
      'no header at all',
      ' continued',
      '\t',
    );
    const piece = fc.constantFrom(
      ...[
        'a',
        'Device: int-58',
        '=20',
        '=',
        'ä',
        '\u0000',
        '\ufeff',
        '--x',
        '.',
        '-- ',
        'From ',
        '>',
        ' ',
        '\t',
      ],
      ...['\n', '\r\n', '\r\n', '\r\n\r\n', '\r'],
    );
    const body = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    const end = fc.constantFrom('\r\n', '\r\n', '\n');
    await fc.assert(
      fc.asyncProperty(fc.array(header, { maxLength: 4 }), body, end, async (headers, text, lineEnd) => {
        const source = mailOf(headers, text, lineEnd);
        const plain = readPlainly(source);
        if (plain !== null) expect(plain).toBe(await parseByLibrary(source));
      }),
      { numRuns: 3_000 },
    );
  });
});
