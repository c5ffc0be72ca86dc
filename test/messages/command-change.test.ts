import { expect, test } from 'vitest';
import { describeChange } from '../../src/messages/command-change.ts';

test.each<[what: string, originalArgv: string[], argv: string[], recipients: string[], said: string]>([
  ['nothing', ['ftpsync'], ['ftpsync'], ['mirror'], 'same arguments as the original command'],
  [
    'a list',
    ['push', '--to', 'a,b,c'],
    ['push', '--to', 'a,c'],
    ['a', 'c'],
    'recipients narrowed from 3 to 2',
  ],
  [
    'a flag with a list',
    ['push', '--to=a:b:c'],
    ['push', '--to=b'],
    ['b'],
    'recipients narrowed from 3 to 1',
  ],
  [
    'another list',
    ['push', '--skip', 'a,b,c'],
    ['push', '--skip', 'a,b'],
    ['d'],
    'changed from the original: `a,b,c` → `a,b`',
  ],
  [
    'a recipient from nowhere',
    ['push', 'a,b'],
    ['push', 'a,z'],
    ['a', 'z'],
    'changed from the original: `a,b` → `a,z`',
  ],
  ['hosts of their own', ['push', 'a', 'b', 'c'], ['push', 'b'], ['b'], 'left out of the original: `a` `c`'],
  [
    'a new flag',
    ['run', 'x.yml'],
    ['run', '--limit', 'a', 'x.yml'],
    ['a'],
    'added to the original: `--limit` `a`',
  ],
  ['many', ['push', 'a1', 'a2', 'a3', 'a4'], ['push'], [], 'left out of the original: `a[1-4]`'],
])('a change of %s', (_, originalArgv, argv, recipients, said) => {
  expect(describeChange({ originalArgv, argv, recipients })).toBe(said);
});
