import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandNodeSet, foldNodeSet } from '../../../src/redistribution/tool/node-set.ts';

describe('folded lists of hosts', () => {
  it.each([
    ['int-[07,12-14].eu,kiosk-1', ['int-07.eu', 'int-12.eu', 'int-13.eu', 'int-14.eu', 'kiosk-1']],
    ['r[1-2]n[08-09]', ['r1n08', 'r1n09', 'r2n08', 'r2n09']],
    ['a[0-6/3]', ['a0', 'a3', 'a6']],
  ])('%s is expanded', (list, names) => {
    expect(expandNodeSet(list)).toEqual(names);
  });

  it.each(['@racks', '^/etc/hosts', 'a[1-2]!a1', '/int-.*/', 'a[3-1]', 'a[1-9999999]', '-a1', 'a[1', 'a;b'])(
    '%s says it by other means',
    (list) => {
      expect(expandNodeSet(list)).toBeNull();
    },
  );

  it('folding loses nobody and adds nobody, and ClusterShell reads it as we do', () => {
    const name = fc.stringMatching(/^[a-z]{1,2}-?[0-9]{0,3}(\.[a-z]{1,2}[0-9]?)?$/);
    const lists: string[] = [];
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 40 }), (names) => {
        const folded = foldNodeSet(names);
        expect(expandNodeSet(folded)?.toSorted()).toEqual(names.toSorted());
        lists.push(folded);
      }),
    );
    for (const list of lists.slice(0, 5)) {
      const expanded = execFileSync('nodeset', ['-e', '-S', ' ', list], { encoding: 'utf8' });
      expect(expanded.trim().split(' ').toSorted()).toEqual(expandNodeSet(list)?.toSorted());
    }
  });

  it('a whole fleet is a short text', () => {
    const names = Array.from({ length: 5_000 }, (_, index) => `client-${String(index).padStart(5, '0')}.eu`);
    expect(foldNodeSet(names)).toBe('client-[00000-04999].eu');
  });
});
