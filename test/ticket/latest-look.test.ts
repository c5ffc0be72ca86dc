import { expect, it } from 'vitest';
import { latestLook } from '../../src/ticket/latest-look.ts';

const at = new Date('2026-11-20T13:00:00Z');
const minute = 60_000;

it.each([
  ['all further waits are still to come', 1, [5 * minute, minute, 10 * minute], '2026-11-20T13:11:00.000Z'],
  ['it is the last look', 3, [5 * minute, minute, 10 * minute], '2026-11-20T13:00:00.000Z'],
  ['the config has fewer waits than before', 9, [minute], '2026-11-20T13:00:00.000Z'],
])('a held ticket is made at the latest after the waits that are left: %s', (_, looks, waits, expected) => {
  expect(latestLook({ lookAt: at, looks }, waits)?.toISOString()).toBe(expected);
});

it('nothing is known of a ticket for which no look is planned', () => {
  expect(latestLook({ lookAt: null, looks: 0 }, [minute])).toBeNull();
});
