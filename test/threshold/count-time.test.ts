import { expect, test } from 'vitest';
import { decideCountTime } from '../../src/threshold/count-time.ts';

const received = new Date('2026-11-23T12:00:00Z');
const dayMs = 86_400_000;

test.each([
  ['a moment ago', -1000, 'own-time'],
  ['a week late, which is the bound', -7 * dayMs, 'own-time'],
  ['later than that', -7 * dayMs - 1, 'too-late'],
  ['a clock that is 5 minutes ahead', 5 * 60_000, 'own-time'],
  ['a clock that is further ahead', 5 * 60_000 + 1, 'clock-skew'],
] as const)('A9: %s', (_case, offsetMs, reason) => {
  const said = new Date(received.getTime() + offsetMs);
  const at = reason === 'own-time' ? said : received;
  expect(decideCountTime(said, received, 7 * dayMs)).toEqual({ at, reason });
});
