import { describe, expect, it } from 'vitest';
import { createMailLane } from '../../../src/adapters/postgres/mail-lane.ts';
import { createTurns } from '../../../src/adapters/postgres/turns.ts';
import { type BatchPlace, createPlace } from '../../../src/domain/intake.ts';

type Step = 'store' | 'count';

/**
 * A lane whose every step is written down. `stop` has a batch's step wait until the answer is called, with an error if it
 * is to fail.
 */
function startLane() {
  const told: string[] = [];
  const stops = new Map<string, Promise<void>>();
  const lane = createMailLane<null>(async (work) => work(null));
  const serve = createTurns([lane]);

  function stop(name: string, step: Step): (error?: Error) => void {
    let goOn: (error?: Error) => void = () => {};
    const stopped = new Promise<void>((resolve, reject) => {
      goOn = (error) => (error ? reject(error) : resolve());
    });
    stopped.catch(() => {});
    stops.set(`${name} ${step}`, stopped);
    return goOn;
  }

  function add(name: string, place: BatchPlace): Promise<boolean> {
    const take = (step: Step) => async () => {
      told.push(`${name} ${step}`);
      await stops.get(`${name} ${step}`);
      told.push(`${name} ${step === 'store' ? 'stored' : 'counted'}`);
    };
    const prepare = () => void told.push(`${name} prepared`);
    const done = lane.add({ place, prepare, store: take('store'), count: take('count') });
    serve();
    return done;
  }

  return { add, stop, told };
}

/** Everything that can go on without the steps that are stopped has gone on by then. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe('batches of mail', () => {
  it('are stored and counted one after the other, in the order in which they come', async () => {
    const { add, told } = startLane();
    const all = ['a', 'b', 'c'].map((name) => add(name, createPlace(null)));
    expect(await Promise.all(all)).toEqual([true, true, true]);
    expect(told).toEqual(
      ['a', 'b', 'c'].flatMap((name) => [
        `${name} prepared`,
        `${name} store`,
        `${name} stored`,
        `${name} count`,
        `${name} counted`,
      ]),
    );
  });

  it('are prepared while the one before is in its transaction, and wait for their turn outside of any', async () => {
    const { add, stop, told } = startLane();
    const goOn = stop('a', 'count');
    const all = ['a', 'b', 'c'].map((name) => add(name, createPlace(null)));
    await settled();
    expect(told).toEqual(['a prepared', 'a store', 'a stored', 'a count', 'b prepared']);
    goOn();
    expect(await Promise.all(all)).toEqual([true, true, true]);
    expect(told.filter((step) => step === 'b prepared')).toHaveLength(1);
  });

  it('behind one of their mailbox that failed are not even begun, those of other mailboxes are committed', async () => {
    const { add, stop, told } = startLane();
    const a = createPlace(null);
    const b = createPlace(a);
    const goOn = stop('a', 'count');
    const failing = add('a', a).catch(String);
    const [behind, further, other] = [add('b', b), add('c', createPlace(b)), add('x', createPlace(null))];
    await settled();
    goOn(new Error('no room'));
    expect(await failing).toContain('no room');
    expect(await Promise.all([behind, further, other])).toEqual([false, false, true]);
    expect(told.filter((step) => step.endsWith('counted'))).toEqual(['x counted']);
    expect(told.filter((step) => step.endsWith('store'))).toEqual(['a store', 'x store']);
    expect(await add('a again', a)).toBe(true);
    expect(await add('b again', b)).toBe(true);
  });

  it('that can not be stored say so in their turn, and hold up nobody', async () => {
    const { add, stop } = startLane();
    const refuse = stop('b', 'store');
    const a = createPlace(null);
    const first = add('a', a);
    const refused = add('b', createPlace(a)).catch(String);
    const other = add('x', createPlace(null));
    await settled();
    refuse(new Error('invalid byte'));
    expect(await refused).toContain('invalid byte');
    expect(await Promise.all([first, other])).toEqual([true, true]);
  });
});
