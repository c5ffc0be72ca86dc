import { describe, expect, test } from 'vitest';
import { measureLoopTime } from '../../src/fuzz/processor-time.ts';
import { openMail, readMime } from '../support/mime-reader.ts';
import { UnreadableMail } from '../../src/domain/mail.ts';
import { hostileHeaders, hostileMails } from '../support/hostile-mails.ts';

const receivedAt = new Date('2026-11-23T13:00:00Z');
const rawOf = (source: string) => ({ source: Buffer.from(source, 'latin1'), via: 'smtp', receivedAt });
/** Of the event loop's processor time: the goal is 50 ms; what is quadratic takes minutes. */
const boundMs = 500;

/** Reads it, or finds it beyond the bounds. */
async function readOrRefuse(source: string): Promise<void> {
  try {
    await readMime(rawOf(source));
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableMail);
  }
}

describe('A1: reading a mail ends soon', () => {
  test.each(Object.keys(hostileMails))('whatever its body is made of: %s', async (name) => {
    const source = hostileMails[name]?.(8_000_000) ?? '';
    expect(await measureLoopTime(boundMs, () => readOrRefuse(source))).toBeLessThan(boundMs);
  });

  test.each(Object.keys(hostileHeaders))('whatever its headers are made of: %s', async (name) => {
    for (const bytes of [250_000, 8_000_000]) {
      const source = hostileHeaders[name]?.(bytes) ?? '';
      expect(await measureLoopTime(boundMs, () => readOrRefuse(source))).toBeLessThan(boundMs);
    }
  });

  test.each(['an embedded message that is all headers', 'an embedded message that its multipart ends'])(
    'the library does not wait for what never comes: %s',
    async (name) => {
      const source = hostileMails[name]?.(0) ?? '';
      expect((await readMime(rawOf(source))).text).toBe('');
    },
  );

  test('an embedded message is read, with the date that it bears and no other', async () => {
    const inner = (date: string) =>
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee below\r\n--b\r\n' +
      `Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n\r\nSubject: disk\r\n${date}\r\nDevice: int-38\r\n--b--\r\n`;
    const text = async (date: string) => (await readMime(rawOf(`Message-ID: <1@a>\r\n${inner(date)}`))).text;
    expect(await text('Date: Mon, 23 Nov 2026 14:00:00 +0100\r\n')).toContain(
      'Date: Mon, 23 Nov 2026 13:00:00 GMT\n',
    );
    expect(await text('Date: yesterday\r\n')).not.toContain('Date:');
    expect(await text('')).not.toContain('Date:');
    expect(await text('')).toContain('Device: int-38');
  });
});

describe('A1: a mail beyond the bounds', () => {
  test.each([
    ['header-too-long', `X-A: ${'a'.repeat(262_144)}\r\nAuto-Submitted: auto-replied\r\n\r\nx`],
    ['too-many-header-fields', `${'X-A: 1\r\n'.repeat(1_001)}\r\nx`],
    ['too-many-encoded-words', `X-A: ${'=?utf-8?q?a?= b '.repeat(1_001)}\r\n\r\nx`],
    [
      'nested-too-deep',
      Array.from({ length: 21 }, (_, index) => {
        const delimiter = index === 0 ? '' : `--b${index - 1}\r\n`;
        return `${delimiter}Content-Type: multipart/mixed; boundary=b${index}\r\n\r\n`;
      }).join(''),
    ],
    [
      'nested-too-deep',
      'Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n\r\n'
        .repeat(21)
        .concat('Subject: a\r\n\r\n'),
    ],
    [
      'too-many-parts',
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(1_002)}`,
    ],
    [
      'header-too-long',
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nX-A: ${'a'.repeat(262_144)}\r\n\r\nx`,
    ],
  ])('is unreadable with the reason %s, but a person can have it read', async (reason, source) => {
    const whole = `Subject: a\r\n${source}`;
    await expect(readMime(rawOf(whole))).rejects.toThrow(expect.objectContaining({ reason }));
    expect(await readMime(rawOf(whole), 'lenient')).toMatchObject({ subject: 'a' });
  });

  test('a body that is longer than what is read is partial, and says so', async () => {
    const long = await readMime(rawOf(`Subject: a\r\n\r\nDevice: int-38\r\n${'x'.repeat(300_000)}`));
    expect(long.text).toMatch(/^Device: int-38\n/);
    expect(long.partial).toBe('body-too-long');
    expect((await readMime(rawOf('Subject: a\r\n\r\nDevice: int-38\r\n'))).partial).toBeNull();
  });

  test('a source that was cut is partial', async () => {
    const cut = { ...rawOf('Subject: a\r\n\r\nDevice: int-38\r\n'), isCut: true };
    expect((await readMime(cut)).partial).toBe('source-cut');
  });

  test('the headers are read without the body', () => {
    const source = `From: a@example.net\r\nSubject: b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\n'.repeat(2_000)}`;
    expect(openMail(rawOf(source)).head).toMatchObject({ from: { domain: 'example.net' }, subject: 'b' });
  });
});
