import { expect, it } from 'vitest';
import type { FreezeScope } from '../../src/domain/freeze.ts';
import { findFreeze, readFreeze } from '../../src/redistribution/freeze.ts';

const unknown = (name: string) =>
  `No server and no region is called ${name}; for all of them begin with “everything”.`;
const names = { servers: new Set(['int-38']), regions: new Set(['eu', 'us west']) };

it.each<[string, object]>([
  ['core switch', { scope: { kind: 'all' }, lengthMs: null, reason: 'core switch' }],
  ['2h core switch', { scope: { kind: 'all' }, lengthMs: 7_200_000, reason: 'core switch' }],
  [
    'INT-38 2h core switch',
    { scope: { kind: 'server', name: 'int-38' }, lengthMs: 7_200_000, reason: 'core switch' },
  ],
  ['US West 2h audit', { scope: { kind: 'region', name: 'us west' }, lengthMs: 7_200_000, reason: 'audit' }],
  ['eu audit', { scope: { kind: 'region', name: 'eu' }, lengthMs: null, reason: 'audit' }],
  ['int-39 2h audit', { fault: unknown('int-39') }],
  ['3 disks are gone', { scope: { kind: 'all' }, lengthMs: null, reason: '3 disks are gone' }],
  ['int-39 audit', { fault: unknown('int-39') }],
  ['everything int-39 is moved', { scope: { kind: 'all' }, lengthMs: null, reason: 'int-39 is moved' }],
  ['2h int-39 is moved', { scope: { kind: 'all' }, lengthMs: 7_200_000, reason: 'int-39 is moved' }],
  ['int-38 2h', { fault: 'Say why, after the name and the duration.' }],
  ['int-38', { fault: 'Say why, after the name and the duration.' }],
  ['0s audit', { fault: 'A freeze of no time freezes nothing.' }],
])('“/restage freeze %s” is read', (text, read) => {
  expect(readFreeze(text.split(' '), names)).toEqual(read);
});

it.each<[FreezeScope, inEu: boolean, inUnknown: boolean]>([
  [{ kind: 'all' }, true, true],
  [{ kind: 'server', name: 'int-38' }, true, true],
  [{ kind: 'server', name: 'int-58' }, false, false],
  [{ kind: 'region', name: 'eu' }, true, true],
  [{ kind: 'region', name: 'us' }, false, true],
])(
  'a freeze of %j holds up int-38 in EU: %s, and in a region that is unknown: %s',
  (scope, inEu, inUnknown) => {
    const by = { teamId: 'T', userId: 'U' };
    const freeze = { id: 'f', scope, reason: 'x', by, at: new Date(0), until: null };
    expect(findFreeze([freeze], 'int-38', 'EU')).toBe(inEu ? freeze : null);
    const reason = scope.kind === 'region' ? 'the region of int-38 is unknown, so this holds it too; x' : 'x';
    expect(findFreeze([freeze], 'int-38', null)).toEqual(inUnknown ? { ...freeze, reason } : null);
  },
);
