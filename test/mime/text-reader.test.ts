import { afterEach, describe, expect, test } from 'vitest';
import { bounds } from '../../src/adapters/mime/bounds.ts';
import { createTextReader, type TextReader } from '../../src/adapters/mime/text-reader.ts';
import { ReadingStopped, UnreadableMail } from '../../src/domain/mail.ts';

const program = new URL('../support/text-thread.mjs', import.meta.url);
let reader: TextReader;
const open = (ticks = 400) => (reader = createTextReader(program, { tickMs: 50, ticks }));
const read = (source: string) => reader.read(Buffer.from(source), bounds);
afterEach(() => reader.close());

describe('A1: a mail that does something to the thread that parses it', () => {
  test.each([
    ['wait for ever', 'ended-its-reader', 'reading it never ends'],
    ['take all memory', 'ended-its-reader', 'memory'],
    ['throw', 'ended-its-reader', 'a fault of the library'],
    ['exit', 'ended-its-reader', 'reading it never ends'],
    ['exceed a bound', 'too-many-parts', 'it has'],
  ])('is unreadable, and the mail behind it is read: %s', async (deed, reason, message) => {
    open();
    const [first, fatal, next] = [read('one'), read(deed).catch((error: unknown) => error), read('two')];
    expect(await first).toEqual({ text: 'one', isCut: false });
    expect(await fatal).toMatchObject({ reason, message: expect.stringContaining(message) });
    expect(await next).toEqual({ text: 'two', isCut: false });
  });

  test('is unreadable once its time is over, and the mail behind it has all of its own', async () => {
    open(20);
    const fatal = read('compute for ever').catch((error: unknown) => error);
    const next = read('two');
    expect(await fatal).toBeInstanceOf(UnreadableMail);
    expect(await fatal).toMatchObject({ reason: 'took-too-long' });
    expect(await next).toEqual({ text: 'two', isCut: false });
  });

  test('does not hold up a close, and nothing is said about it', async () => {
    open();
    const [busy, waiting] = [read('compute for ever'), read('two')].map((one) =>
      one.catch((error: unknown) => error),
    );
    await new Promise(setImmediate);
    await reader.close();
    expect(await busy).toBeInstanceOf(ReadingStopped);
    expect(await waiting).toBeInstanceOf(ReadingStopped);
  });

  test('does not hold up a stop for more than a second', async () => {
    open();
    const busy = read('compute for ever').catch((error: unknown) => error);
    reader.stop();
    expect(await busy).toBeInstanceOf(ReadingStopped);
  });

  test('leaves the source as it is, also if that is part of a larger buffer', async () => {
    open();
    const source = Buffer.from('beforeDevice: int-38after').subarray(6, 20);
    expect((await reader.read(source, bounds)).text).toBe('Device: int-38');
    expect(source.toString()).toBe('Device: int-38');
  });
});
