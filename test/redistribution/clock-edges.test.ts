import { describe, expect, it } from 'vitest';
import { rightClock } from '../../src/domain/server-clock.ts';
import { placeIn } from '../../src/redistribution/clock-edges.ts';

const at = (time: string) => new Date(`2026-11-20T${time}:00Z`);
const hourMs = 3_600_000;
const period = { from: at('12:00'), until: at('16:00') };
const ahead = { ...rightClock, aheadMs: 2 * hourMs };
const behind = { ...rightClock, behindMs: 2 * hourMs };

describe('whether a run belongs to a period', () => {
  it.each([
    ['right', rightClock, '11:59', 'outside'],
    ['right', rightClock, '12:00', 'within'],
    ['right', rightClock, '16:00', 'outside'],
    ['ahead', ahead, '11:59', 'outside'],
    ['ahead', ahead, '12:00', 'edge'],
    ['ahead', ahead, '13:59', 'edge'],
    ['ahead', ahead, '14:00', 'within'],
    ['ahead', ahead, '17:59', 'edge'],
    ['ahead', ahead, '18:00', 'outside'],
    ['behind', behind, '09:59', 'outside'],
    ['behind', behind, '10:00', 'edge'],
    ['behind', behind, '12:00', 'within'],
    ['behind', behind, '14:00', 'edge'],
    ['behind', behind, '16:00', 'outside'],
  ] as const)('by a clock that is %s, of %s', (_clock, span, time, place) => {
    const run = { from: at(time), until: at(time), mayBeLaterMs: 0 };
    expect(placeIn(period, run, span, at('20:00'))).toBe(place);
  });

  it('takes in what only the second of two equal hours puts into it', () => {
    const run = { from: at('11:30'), until: at('11:30'), mayBeLaterMs: hourMs };
    expect(placeIn(period, run, rightClock, at('20:00'))).toBe('edge');
    expect(placeIn(period, { ...run, mayBeLaterMs: 0 }, rightClock, at('20:00'))).toBe('outside');
  });

  it('takes what an allowed lead dates into the future as of now', () => {
    const run = { from: at('16:02'), until: at('16:02'), mayBeLaterMs: 0 };
    expect(placeIn(period, run, rightClock, at('16:00'))).toBe('within');
  });
});
