import { describe, expect, test } from 'vitest';
import type { OnCallSchedule, PageTarget } from '../../src/domain/paging.ts';
import { findGap } from '../../src/paging/find-gap.ts';
import { officeHours, rotation, wall } from './schedules.ts';

const nights = { ...officeHours, days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 18 * 60, untilMinute: 8 * 60 };
const weekends = { ...officeHours, days: [6, 0] };
const start = wall('2026-11-02T08:00');
const schedules: readonly OnCallSchedule[] = [
  rotation({ name: 'always', start }),
  rotation({ name: 'office', start, restrict: officeHours }),
  rotation({ name: 'nights', start, restrict: nights }),
  rotation({ name: 'weekends', start, restrict: weekends }),
  { kind: 'group', name: 'group', userGroup: 'S0123' },
];
const by = (...names: string[]) =>
  names.map(
    (name): PageTarget => (name === 'user' ? { kind: 'user', userId: 'U1' } : { kind: 'schedule', name }),
  );

describe('A19: a step that at times reaches nobody', () => {
  test.each([
    [['office'], '2026-11-02T17:00:00Z', '2026-11-03T07:00:00Z'],
    [['office', 'nights'], '2026-11-07T07:00:00Z', '2026-11-07T17:00:00Z'],
    [['weekends'], '2026-11-02T07:00:00Z', '2026-11-07T07:00:00Z'],
  ])('%s has a gap', (names, from, until) => {
    expect(findGap({ notify: by(...names), afterMs: 0 }, schedules)).toEqual({
      from: new Date(from),
      until: new Date(until),
    });
  });

  test.each([[['always']], [['office', 'nights', 'weekends']], [['office', 'group']], [['office', 'user']]])(
    '%s has none',
    (names) => {
      expect(findGap({ notify: by(...names), afterMs: 0 }, schedules)).toBeNull();
    },
  );
});
