import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRange } from '../../../src/adapters/ssh/logs/find-range.ts';

const start = Date.parse('2026-11-01T00:00:00Z');
const readTime = (line: string) => {
  const [, seconds] = /^(\d+) /.exec(line) ?? [];
  return seconds === undefined ? null : new Date(start + Number(seconds) * 1000);
};
const second = (count: number) => new Date(start + count * 1000);

function countReads(bytes: Uint8Array) {
  const read = { bytes: 0 };
  const source = {
    size: bytes.length,
    read: async (offset: number, length: number) => {
      const piece = bytes.subarray(offset, offset + length);
      read.bytes += piece.length;
      return piece;
    },
  };
  return { source, read };
}

/** Lines in the order of their times, some without one, of any length; the last may be torn. */
const file = fc.record({
  lines: fc.array(
    fc.record({
      gap: fc.oneof({ weight: 5, arbitrary: fc.nat(3) }, fc.nat(5_000)),
      length: fc.oneof(
        { weight: 8, arbitrary: fc.nat(200) },
        { weight: 2, arbitrary: fc.nat(5_000) },
        fc.nat(150_000),
      ),
      hasTime: fc.boolean(),
    }),
    { minLength: 1, maxLength: 120 },
  ),
  from: fc.nat(3_000),
  span: fc.nat(3_000),
  torn: fc.boolean(),
});

describe('B7: the lines of a period in a time-ordered file', () => {
  it('are found exactly, whatever the sizes of lines and days', async () => {
    await fc.assert(
      fc.asyncProperty(file, async ({ lines, from, span, torn }) => {
        let time = 0;
        const written = lines.map(({ gap, length, hasTime }) => {
          time += gap;
          return {
            time: hasTime ? time : null,
            text: `${hasTime ? `${time} ` : 'x'}${'x'.repeat(length)}\n`,
          };
        });
        fc.pre(written.some((line) => line.time !== null));
        const text = written.map((line) => line.text).join('');
        const bytes = Buffer.from(torn ? text.slice(0, -1) : text);
        // A line without a time goes with the one before it; those at the file's beginning with the file before.
        let last: number | null = null;
        const expected = written.filter((line) => {
          last = line.time ?? last;
          return last !== null && last >= from && last < from + span;
        });
        const range = await findRange(countReads(bytes).source, readTime, {
          from: second(from),
          until: second(from + span),
        });
        const found = bytes.subarray(range.start, range.end).toString();
        const wanted = expected.map((line) => line.text).join('');
        const whole = found === '' || found.endsWith('\n') ? found : `${found}\n`;
        expect(whole.endsWith(wanted)).toBe(true);
        // Only lines before any time may come beside.
        const beside = whole.slice(0, whole.length - wanted.length);
        expect(range.start === 0 && wanted !== '' ? beside.replaceAll(/^x*\n/gm, '') : beside).toBe('');
      }),
      { numRuns: 300 },
    );
  });

  it('are found with few reads, however large the file', async () => {
    const line = (time: number) => `${time} ${'y'.repeat(90)}\n`;
    const bytes = Buffer.from(Array.from({ length: 400_000 }, (_, index) => line(index)).join(''));
    await fc.assert(
      fc.asyncProperty(fc.nat(399_000), fc.integer({ min: 1, max: 1_000 }), async (from, span) => {
        const { source, read } = countReads(bytes);
        const range = await findRange(source, readTime, { from: second(from), until: second(from + span) });
        expect(bytes.subarray(range.start, range.end).toString()).toBe(
          Array.from({ length: span }, (_, index) => line(from + index)).join(''),
        );
        expect(read.bytes).toBeLessThan(2 * 13 * 33_000);
      }),
      { numRuns: 50 },
    );
  });

  it('a file without any times is wanted whole, and an empty one is empty', async () => {
    const bytes = Buffer.from('nothing\n'.repeat(50_000));
    const { source, read } = countReads(bytes);
    const period = { from: second(1), until: second(2) };
    expect(await findRange(source, readTime, period)).toEqual({ start: 0, end: bytes.length });
    expect(read.bytes).toBeLessThan(bytes.length * 1.01);
    expect(await findRange(countReads(Buffer.alloc(0)).source, readTime, period)).toEqual({
      start: 0,
      end: 0,
    });
  });
});
