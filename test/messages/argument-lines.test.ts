import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readArgumentLines, writeArgumentLines } from '../../src/messages/argument-lines.ts';

test('B11: arguments written one a line are read back as they were, whatever is in them', () => {
  const argument = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(
      '',
      ' ',
      '"',
      '"a"',
      '\n',
      ' x',
      'x ',
      '-',
      '--a=b c',
      "'; rm -rf ~ #",
      '\u202e',
      '\ud800',
      '\u0000',
    ),
  );
  fc.assert(
    fc.property(fc.array(argument, { maxLength: 8 }), (argv) => {
      const lines = writeArgumentLines(argv);
      // Slack takes space off the ends of what people enter.
      expect(readArgumentLines(lines.join('\n').trim())).toEqual({ argv });
      for (const line of lines) expect(line).not.toMatch(/[\n\r\u202e\p{Cs}]/u);
    }),
  );
});

test('B11: empty lines are no arguments; a quote that does not close is named by its line', () => {
  expect(readArgumentLines('rsync\n\n  -a \r\n""\n')).toEqual({ argv: ['rsync', '-a', ''] });
  expect(readArgumentLines('rsync\n"-a')).toMatchObject({ faults: [{ line: 2 }] });
  expect(readArgumentLines('"a" "b"')).toMatchObject({ faults: [{ line: 1 }] });
});
