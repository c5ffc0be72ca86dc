import { describe, expect, it } from 'vitest';
import { choosePeriod, type PeriodFacts } from '../../src/redistribution/choose-period.ts';

const now = new Date('2026-11-23T14:12:00Z');
const at = (time: string) => new Date(`2026-11-23T${time}Z`);
const nothing: PeriodFacts = { repaired: [], servicedUntil: null, oldestFailure: null };
const ticket = { id: 12, firstAt: at('02:00:00'), lastAt: at('05:00:00'), repairedAt: at('09:30:00') };
const choose = (typed: string, facts: Partial<PeriodFacts>) =>
  choosePeriod(typed, { ...nothing, ...facts }, now, 'Europe/Berlin');

describe('B3: the period of a redistribution', () => {
  it.each([
    ['', {}, '2026-11-22 00:00 to 2026-11-23 15:12 (Europe/Berlin)'],
    [
      '',
      { repaired: [ticket] },
      '2026-11-23 03:00 to 2026-11-23 10:30 (Europe/Berlin), the down time of ticket 12',
    ],
    ['since 14:30', { repaired: [ticket] }, '2026-11-23 14:30 to 2026-11-23 15:12 (Europe/Berlin)'],
    [
      ' since  the Last servicing',
      { servicedUntil: at('01:00:00'), oldestFailure: at('00:30:00') },
      '2026-11-23 02:00 to 2026-11-23 15:12 (Europe/Berlin), since the last servicing',
    ],
    [
      'since last servicing',
      { oldestFailure: at('00:30:00') },
      '2026-11-23 01:30 to 2026-11-23 15:12 (Europe/Berlin), never serviced before',
    ],
    [
      'since the last servicing',
      {},
      '2026-11-22 00:00 to 2026-11-23 15:12 (Europe/Berlin), never serviced before',
    ],
  ])('“%s” is %s: %s', (typed, facts, text) => {
    expect(choose(typed, facts).text).toBe(text);
  });

  it('spans all of the repaired tickets, their last alerts included', () => {
    const other = { id: 9, firstAt: at('01:00:00'), lastAt: at('11:00:00'), repairedAt: at('10:00:00') };
    const { from, until, text } = choose('', { repaired: [ticket, other] });
    expect(from).toEqual(at('01:00:00'));
    expect(until > other.lastAt).toBe(true);
    expect(text).toContain('tickets 9, 12');
  });
});
