import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMime } from '../support/mime-reader.ts';
import { readFixture } from '../support/mail-fixtures.ts';

const receivedAt = new Date('2026-11-23T13:00:00Z');
const read = async (source: string | Uint8Array) =>
  readMime({ source: Buffer.from(source), via: 'smtp', receivedAt });

describe('reading a message', () => {
  test.each([
    [
      '01-int-38-verteilung-gre-bersicht-fehlgeschlagen.eml',
      'Verteilung Größe-Übersicht fehlgeschlagen',
      'reguläre Datei',
    ],
    [
      '03-int-23-paket-fr-kln-fehlt.eml',
      'Paket für Köln fehlt',
      "stat für '/srv/mirror/pkg/fehlt.deb' ist nicht möglich",
    ],
    [
      '05-echec-preparation-donnees-sur-int-41.eml',
      'échec: préparation-données sur int-41',
      'open impossible: Aucun fichier',
    ],
    [
      '07-paket-fur-koln-fehlt-auf-int-12.eml',
      'Paket für Köln fehlt auf int-12',
      "'/srv/mirror/pkg/für-köln.deb'",
    ],
    ['09-voice-prompts-jp-int-58.apac.eml', '配信失敗: voice-prompts-jp (int-58.apac)', 'access denied'],
  ])('%s is decoded, however its sender wrote it', async (file, subject, text) => {
    const mail = await readFixture(`encodings/${file}`);
    expect(mail.subject).toBe(subject);
    expect(mail.text).toContain(text);
    expect(mail.headers.get('subject')).toEqual([subject]);
  });

  test('gives key, sender, date, headers and text', async () => {
    const mail = await read(
      'Received: one\r\nReceived: two\r\n\tfolded\r\nMessage-ID: < 17@Example.net >\r\nFrom: Root <root@INT-38.Example.net>\r\n' +
        'Date: Mon, 23 Nov 2026 14:00:00 +0100 (CET)\r\nAuto-Submitted: auto-generated\r\n\r\nDevice: a\r\nFailure: b\r\n',
    );
    expect(mail).toMatchObject({
      key: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      from: { address: 'root@int-38.example.net', local: 'root', domain: 'int-38.example.net' },
      subject: '',
      date: new Date('2026-11-23T13:00:00Z'),
      text: 'Device: a\nFailure: b\n',
    });
    expect([...mail.headers.keys()]).toEqual(['received', 'message-id', 'from', 'date', 'auto-submitted']);
    expect(mail.headers.get('received')).toEqual(['one', 'two\tfolded']);
  });

  test.each([
    [
      'another route',
      'Received: by relay.example.net\r\nX-Spam-Score: 0\r\n',
      'Device: a\r\nFailure: b\r\n',
      true,
    ],
    [
      'another encoding',
      'Content-Transfer-Encoding: quoted-printable\r\n',
      'Device: =61\r\nFailure: b',
      true,
    ],
    ['blanks at the ends of lines', '', 'Device: a \r\nFailure: b\r\n\r\n', true],
    ['another text', '', 'Device: c\r\nFailure: b\r\n', false],
  ])('a Message-ID that comes again: %s', async (_what, headers, body, isSame) => {
    const first = await read('Message-ID: <constant@tool>\r\n\r\nDevice: a\r\nFailure: b\r\n');
    const second = await read(`${headers}Message-ID: <constant@tool>\r\n\r\n${body}`);
    expect(second.key === first.key).toBe(isSame);
  });

  test('whatever relays put before a message, it is the same; whatever else it says, it is not', async () => {
    const text = fc.string({ minLength: 1 }).map((written) => `x${written.replace(/[\s\0]/g, '')}`);
    await fc.assert(
      fc.asyncProperty(fc.array(text), text, text, async (hops, one, other) => {
        const received = hops.map((hop) => `Received: by ${encodeURIComponent(hop)}\r\n`).join('');
        const key = async (prefix: string, body: string) =>
          (await read(`${prefix}Message-ID: <constant@tool>\r\n\r\n${body}\r\n`)).key;
        expect(await key(received, one)).toBe(await key('', one));
        expect((await key('', one)) === (await key('', other))).toBe(one === other);
      }),
      { numRuns: 30 },
    );
  });

  test.each(['', 'Message-ID:\r\n', 'Message-ID: <>\r\n', `Message-ID: <${'x'.repeat(999)}>\r\n`])(
    'a message without a usable Message-ID is known by its content: %j',
    async (header) => {
      const source = `${header}Subject: a\r\n\r\nb`;
      expect((await read(source)).key).toBe(`sha256:${createHash('sha256').update(source).digest('hex')}`);
    },
  );

  test.each([
    ['root@[10.20.0.1]', '10.20.0.1'],
    ['root@[IPv6:2001:DB8::1]', '2001:db8::1'],
    ['k.mori@example.net (Kenji Mori)', 'example.net'],
    ['"a@good.example.net" <b@evil.example>', 'evil.example'],
    ['root@münchen.example.net', 'xn--mnchen-3ya.example.net'],
    ['root@xn--mnchen-3ya.example.net', 'xn--mnchen-3ya.example.net'],
  ])('the sender %s has the domain %s', async (from, domain) => {
    expect((await read(`From: ${from}\r\n\r\n`)).from?.domain).toBe(domain);
  });

  test.each(['nobody', '<>', 'root@', ''])('%j is no sender', async (from) => {
    expect((await read(`From: ${from}\r\nSubject: a\r\n\r\n`)).from).toBeNull();
  });

  test.each([
    'nonsense',
    '2026-11-23T13:00:00',
    '',
    `Mon, 23 Nov 2026 13:00:00 +0000 ${'a('.repeat(99_000)}`,
  ])('a date that is none can not be read: %.30s', async (date) => {
    expect((await read(`Date: ${date}\r\nSubject: a\r\n\r\n`)).date).toBeNull();
  });

  test('encoded words are joined where the sender cut them, even within a character', async () => {
    const bytes = Buffer.from('Köln 配信');
    const words = [bytes.subarray(0, 2), bytes.subarray(2, 7), bytes.subarray(7)].map(
      (part) => `=?UTF-8?B?${part.toString('base64')}?=`,
    );
    expect(
      (await read(`Subject: ${words.join('\r\n ')} =?iso-8859-1*de?q?f=FCr_K?= end\r\n\r\n`)).subject,
    ).toBe('Köln 配信für K end');
    expect((await read('Subject: =?no-such-set?Q?a=C3=B6?= =?x\r\n\r\n')).subject).toBe('aö =?x');
  });

  test('a mail that has only HTML is read as text', async () => {
    const html = '<html><body><p>Device: int-38</p><p>Failure:&nbsp;disk full</p></body></html>';
    const { text } = await read(`Subject: a\r\nContent-Type: text/html\r\n\r\n${html}`);
    expect(text).toMatch(/^Device: int-38\s+Failure:\sdisk full\s*$/);
  });

  test('the text parts of a mail are one text, also behind an odd boundary', async () => {
    const { text } = await readFixture('ftpsync/01-ftpsync-int-38-error-rsync-errors.eml');
    expect(text).toContain('No space left on device (28)');
    expect(text).toContain('Mirrorsync done with errors');
  });

  test('attachments that are plain text are read as well, in their charset; others are not', async () => {
    const part = (headers: string, body: string) => `--a\r\n${headers}\r\n\r\n${body}\r\n`;
    const attached = (type: string, more = '') =>
      `Content-Type: ${type}\r\nContent-Disposition: attachment; filename="rsync.error"${more}`;
    const source = [
      'Subject: a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n',
      part('Content-Type: text/plain', 'It failed.'),
      part(
        attached('text/plain; charset=iso-8859-1', '\r\nContent-Transfer-Encoding: quoted-printable'),
        'K=F6ln',
      ),
      part(attached('application/octet-stream'), 'Device: int-38'),
      part(attached('text/html'), '<p>Device: int-38</p>'),
      '--a--\r\n',
    ];
    expect((await read(source.join(''))).text).toBe('It failed.\nKöln');
  });

  test.each(['', '\r\n\r\n', 'no header at all', ' \r\nbody', Buffer.from([0xff, 0x00, 0x80])])(
    'what has no headers can not be read, and the error says so: %j',
    async (source) => {
      await expect(read(source)).rejects.toThrow('the message has no headers');
    },
  );

  test('whatever bytes follow a header, reading them ends', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc
        .array(
          fc.constantFrom(
            'Content-Type: multipart/mixed; boundary=a\r\n',
            '--a\r\n',
            '--a--\r\n',
            '\r\n',
            '=?utf-8?b?',
            '?=',
            ' ',
            '<p>',
          ),
          { maxLength: 40 },
        )
        .map((parts) => Buffer.from(parts.join(''))),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (tail) => {
        const mail = await read(Buffer.concat([Buffer.from('Subject: a\r\n'), tail]));
        expect(mail.key).not.toBe('');
      }),
      { numRuns: 200 },
    );
  });
});
