import { expect, test } from 'vitest';
import type { CommandTemplate } from '../../src/domain/redistribution.ts';
import { planDryRun } from '../../src/redistribution/dry-run.ts';

const templates: CommandTemplate[] = [
  {
    program: 'rsync',
    flags: [
      { name: '-a', value: null },
      { name: '--write-batch', value: '.*' },
    ],
    arguments: ['/srv/[a-z]+', '[a-z0-9-]+:/srv/'],
    directories: ['/srv'],
  },
  { program: 'push', flags: [], arguments: ['.*'], directories: [] },
];
const plan = (argv: readonly string[], refusal: string | null = null) =>
  planDryRun({ argv, cwd: '/srv', refusal }, templates);

test('B11: a command is tried by its tool’s own flags, and is otherwise the same', () => {
  const argv = ['rsync', '-a', '/srv/geo', 'int-58:/srv/'];
  expect(plan(argv)).toEqual({
    possible: true,
    argv: ['rsync', '-n', '-i', ...argv.slice(1)],
    effect: null,
  });
});

test.each([
  ['may not run', ['rsync', '-a', '-e', 'sh -c x', '/srv/geo', 'int-58:/srv/'], null, 'not an allowed flag'],
  [
    'is refused',
    ['rsync', '-a', '/srv/geo', 'int-58:/srv/'],
    'may still be going on',
    'may still be going on',
  ],
  ['is of a tool that has none', ['push', 'x'], null, 'no dry run'],
  ['would write even so', ['rsync', '--write-batch=x', '/srv/geo', 'int-58:/srv/'], null, 'no dry run'],
])('B11: what %s is not tried', (_name, argv, refusal, reason) => {
  expect(plan(argv, refusal)).toEqual({ possible: false, reason: expect.stringContaining(reason) });
});
