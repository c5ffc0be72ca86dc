import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteArgv, quoteVariables } from '../../src/redistribution/quote-argv.ts';

const hard = [
  "'",
  '"',
  '\\',
  '$',
  '`',
  '!',
  '*',
  '?',
  '~',
  '#',
  '&',
  '|',
  ';',
  '<',
  '(',
  '{',
  '[',
  ' ',
  '\n',
  '\t',
  '=',
  '-',
];

it('variables are shown as a shell would set them, so that none looks like two', () => {
  expect(quoteVariables({ A: 'x B=y', C: 'a=b', D: '' })).toBe("A='x B=y' C=a=b D=''");
});

describe('a command line as a person reads it', () => {
  it.each([
    [
      ['rsync', '-a', '--delete', '/srv/geo-db', 'int-58::packages'],
      'rsync -a --delete /srv/geo-db int-58::packages',
    ],
    [['push', '--to=a,b', 'x@y.example:22'], 'push --to=a,b x@y.example:22'],
    [['echo', "it's", '', 'a b'], `echo 'it'\\''s' '' 'a b'`],
    [['A=b', 'A=b'], "'A=b' A=b"],
    [['if', 'if'], "'if' if"],
    [['echo', '~', '=x', '{a,b}', '#'], "echo '~' '=x' '{a,b}' '#'"],
  ])('%j', (argv, line) => {
    expect(quoteArgv(argv)).toBe(line);
  });

  it('refuses NUL, which no argument can hold', () => {
    expect(() => quoteArgv(['a\0b'])).toThrow('NUL');
  });

  it('gives a real shell exactly the arguments', () => {
    const argument = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom(...hard) }));
    fc.assert(
      fc.property(
        fc.array(
          argument.map((text) => text.replaceAll('\0', '')),
          { minLength: 1 },
        ),
        (argv) => {
          const { stdout } = spawnSync('sh', [
            '-c',
            String.raw`printf '%s\0' ${quoteArgv(['x', ...argv]).slice(2)}`,
          ]);
          expect(stdout.toString()).toBe(argv.map((text) => `${text}\0`).join(''));
        },
      ),
      { numRuns: 150 },
    );
  });
});
