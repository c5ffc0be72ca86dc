import { describe, expect, test } from 'vitest';
import { decideRecovered, type HeldSituation } from '../../src/diagnosis/decide-recovered.ts';

const back: HeldSituation = {
  wasHeld: true,
  wasSilent: true,
  answersNow: true,
  isConnection: true,
  isCleared: false,
  flapsBefore: 0,
};

describe('A11: a held problem that recovers', () => {
  test.each<[string, Partial<HeldSituation>, string | null]>([
    ['makes no ticket where its device answers again', {}, 'recovered-while-held'],
    [
      'makes no ticket where word of its recovery came',
      { isConnection: false, isCleared: true },
      'recovered-while-held',
    ],
    ['for the second time in a day makes none', { flapsBefore: 1 }, 'recovered-while-held'],
    ['for the third time in a day is flapping', { flapsBefore: 2 }, 'flapping'],
    ['is examined as ever if it was never held', { wasHeld: false }, null],
    ['is examined as ever while its device is silent', { answersNow: false }, null],
    ['is examined as ever if its device had answered before', { wasSilent: false }, null],
    ['is examined as ever where a ping proves nothing', { isConnection: false }, null],
  ])('%s', (_, changes, reason) => {
    const decision = decideRecovered({ ...back, ...changes });
    expect(decision.recovered ? decision.reason : null).toBe(reason);
  });
});
