import { describe, expect, it } from 'vitest';
import { faultKinds, faultNames } from '../../src/chaos/fault-kinds.ts';
import { planRounds } from '../../src/chaos/plan.ts';

describe('the plan of faults', () => {
  it('is the same for the same seed, and another one for another seed', () => {
    const plan = (seed: number) => planRounds({ seed, rounds: 50, world: 'all', faults: [] });
    expect(plan(7)).toEqual(plan(7));
    expect(plan(7)).not.toEqual(plan(8));
  });

  it('is the same whether more rounds follow or not', () => {
    const plan = (rounds: number) => planRounds({ seed: 7, rounds, world: 'all', faults: [] });
    expect(plan(50).slice(0, 10)).toEqual(plan(10));
  });

  it('has every fault of both worlds within 200 rounds', () => {
    const rounds = planRounds({ seed: 7, rounds: 200, world: 'all', faults: [] });
    const names = new Set(rounds.flatMap(({ faults }) => faults.map(({ name }) => name)));
    expect([...names].toSorted()).toEqual([...faultNames].toSorted());
  });

  it('plays a named fault alone, with a second bot where it needs one', () => {
    const rounds = planRounds({ seed: 7, rounds: 20, world: 'all', faults: ['bot-frozen-counting'] });
    for (const { goal, bots, faults } of rounds) {
      expect([goal, bots, faults.map(({ name }) => name)]).toEqual(['liveness', 2, ['bot-frozen-counting']]);
    }
  });

  it('never combines faults of two worlds, two long ones, or two shifts of a clock', () => {
    for (const { world, bots, faults } of planRounds({ seed: 3, rounds: 500, world: 'all', faults: [] })) {
      const kinds = faults.map(({ name }) => faultKinds[name]);
      expect(kinds.every((kind) => kind.world === world)).toBe(true);
      expect(kinds.filter(({ isLong }) => isLong).length).toBeLessThan(2);
      expect(kinds.filter(({ shiftsClock }) => shiftsClock).length).toBeLessThan(2);
      expect(kinds.some(({ needsTwoBots }) => needsTwoBots) && bots < 2).toBe(false);
      expect(faults.every(({ bot }) => bot < bots)).toBe(true);
    }
  });
});
