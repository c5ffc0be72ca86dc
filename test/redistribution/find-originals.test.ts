import { expect, it } from 'vitest';
import { findOriginals } from '../../src/redistribution/find-originals.ts';
import { widenCommand } from '../../src/redistribution/revise.ts';
import { rebuildCommands } from '../../src/redistribution/rebuild.ts';
import { serverProfile } from '../support/server-profile.ts';
import { makeRecord } from './records.ts';

const at = (hour: number) => ({ startedAt: new Date(Date.UTC(2026, 10, 20, hour)) });
const push = { program: 'push', flags: [], arguments: ['.*'], directories: [], list: ['arguments'] };
const first = makeRecord(
  { a: 'succeeded', b: 'failed', c: 'failed' },
  { ...at(1), argv: ['push', 'a', 'b', 'c'] },
);
const second = makeRecord(
  { b: 'succeeded', c: 'failed' },
  { ...at(2), attempt: 2, argv: ['push', 'b', 'c'] },
);

it('B9: the original of a further attempt is attempt 1 of its job, the last one before it', () => {
  const [nextNight, third] = [
    makeRecord({ a: 'failed' }, at(25)),
    makeRecord({ a: 'failed' }, { ...at(26), attempt: 2 }),
  ];
  const other = makeRecord({ a: 'failed' }, { ...at(3), job: 'hourly', attempt: 4 });
  const originalOf = findOriginals([third, second, other, nextNight, first]);
  expect([first, second, nextNight, third, other].map(originalOf)).toEqual([
    first,
    first,
    nextNight,
    nextNight,
    other,
  ]);
});

it('B9: the whole original list is that of attempt 1, also after a second attempt failed', () => {
  const profile = serverProfile({ allowed: [push] });
  const [command] = rebuildCommands(second, ['c'], profile, 3, first);
  if (!command) throw new Error('no command');
  expect(command).toMatchObject({ argv: ['push', 'c'], originalArgv: first.argv });
  expect(widenCommand(command, profile)).toMatchObject({ argv: first.argv, recipients: ['a', 'b', 'c'] });
});
