import type { World } from './fault-kind.ts';
import { type FaultName, faultKinds, faultNames } from './fault-kinds.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

/** `safety`: several faults at once, and nothing wrong may ever be seen. `liveness`: one fault, after which all converges soon. */
export type Goal = 'safety' | 'liveness';

export interface PlannedFault {
  readonly name: FaultName;
  /** After the first alert was sent. */
  readonly afterMs: number;
  /** Until it heals. */
  readonly forMs: number;
  readonly times: number;
  /** Which bot it strikes; 0 is the first one. */
  readonly bot: number;
}

/** All that chance decides about a round. */
export interface RoundPlan {
  readonly round: number;
  readonly world: World;
  readonly goal: Goal;
  readonly bots: number;
  /** For what the round draws while it plays. */
  readonly seed: number;
  readonly faults: readonly PlannedFault[];
  /** How many alerts each problem gets. */
  readonly problems: readonly number[];
  /** How long sending takes. */
  readonly sendForMs: number;
}

export interface PlanOptions {
  readonly seed: number;
  readonly rounds: number;
  readonly world: World | 'all';
  /** Each round has one of these faults alone, in turn; empty: faults are drawn. */
  readonly faults: readonly FaultName[];
}

/** Of five rounds one is of the world of runs when both are asked for. */
const runsEvery = 5;

/**
 * Draws rounds: the same seed makes the same rounds. Each fault of a world leads a round before any leads a second
 * one; rounds for safety add up to three more.
 */
export function planRounds({ seed, rounds, world, faults }: PlanOptions): readonly RoundPlan[] {
  const random = createSeededRandom(seed);
  const decks = { mail: createDeck(namesIn('mail'), random), runs: createDeck(namesIn('runs'), random) };
  return Array.from({ length: rounds }, (_, index) => {
    const lead = faults[index % faults.length] ?? decks[chooseWorld(world, index)]();
    return planRound({ round: index + 1, lead, isAlone: faults.length > 0, random });
  });
}

function chooseWorld(world: World | 'all', index: number): World {
  if (world !== 'all') return world;
  return index % runsEvery === runsEvery - 1 ? 'runs' : 'mail';
}

function namesIn(world: World): readonly FaultName[] {
  return faultNames.filter((name) => faultKinds[name].world === world);
}

/** Deals the names in a random order, and again in another one. */
function createDeck(names: readonly FaultName[], random: SeededRandom): () => FaultName {
  let left: FaultName[] = [];
  return () => {
    if (left.length === 0) left = [...names];
    const [name] = left.splice(random.between(0, left.length), 1);
    if (name === undefined) throw new Error('a world has no faults');
    return name;
  };
}

interface Draw {
  readonly round: number;
  readonly lead: FaultName;
  readonly isAlone: boolean;
  readonly random: SeededRandom;
}

function planRound({ round, lead, isAlone, random }: Draw): RoundPlan {
  const { world } = faultKinds[lead];
  const goal: Goal = isAlone || random.between(0, 2) === 0 ? 'liveness' : 'safety';
  const names = goal === 'safety' ? [lead, ...drawFurther(lead, random)] : [lead];
  const needsTwo = names.some((name) => faultKinds[name].needsTwoBots);
  const bots = needsTwo || random.between(0, 3) === 0 ? 2 : 1;
  const sendForMs = random.between(4_000, 10_000);
  const withinMs = world === 'runs' ? 1_500 : sendForMs;
  return {
    round,
    world,
    goal,
    bots,
    seed: random.between(0, 2 ** 31),
    faults: names
      .map((name) => planFault(name, { bots, withinMs, random }))
      .toSorted((a, b) => a.afterMs - b.afterMs),
    problems: Array.from({ length: random.between(2, 5) }, () => random.between(4, 40)),
    sendForMs,
  };
}

function drawFurther(lead: FaultName, random: SeededRandom): readonly FaultName[] {
  const names = namesIn(faultKinds[lead].world);
  const drawn: FaultName[] = [lead];
  for (let left = random.between(1, 4); left > 0; left -= 1) {
    const fitting = names.filter((name) => goesWith(name, drawn));
    const name = fitting[random.between(0, fitting.length)];
    if (name !== undefined) drawn.push(name);
  }
  return drawn.slice(1);
}

function goesWith(name: FaultName, drawn: readonly FaultName[]): boolean {
  const { isLong, shiftsClock, database } = faultKinds[name];
  return (
    !drawn.includes(name) &&
    !(isLong && drawn.some((other) => faultKinds[other].isLong)) &&
    !(shiftsClock && drawn.some((other) => faultKinds[other].shiftsClock)) &&
    // One thing that ends a database server at a time.
    !(database && drawn.some((other) => faultKinds[other].database))
  );
}

function planFault(
  name: FaultName,
  { bots, withinMs, random }: { bots: number; withinMs: number; random: SeededRandom },
): PlannedFault {
  const { lastsMs, times = [1, 2] } = faultKinds[name];
  return {
    name,
    afterMs: random.between(0, withinMs),
    forMs: random.between(...lastsMs),
    times: random.between(...times),
    bot: random.between(0, bots),
  };
}
