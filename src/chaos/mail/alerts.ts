import type { RoundPlan } from '../plan.ts';
import type { SeededRandom } from '../seeded-random.ts';

export const doors = ['imap', 'smtp', 'http'] as const;
export type Door = (typeof doors)[number];

/** An alert that is to be sent. */
export interface PlannedAlert {
  /** Unique in its round. */
  readonly index: number;
  readonly device: string;
  readonly door: Door;
  /** It is sent this many times in all; it counts once. */
  readonly copies: number;
}

/** How many alerts of a device make a ticket. */
export const threshold = 4;
export const server = 'int-1';
/** Devices that stay below the threshold. */
const strays = ['client-s1', 'client-s2', 'client-s3'] as const;
/** What is sent when all has healed: it must become a ticket too. */
export const lastProblem = { device: 'client-last', alerts: 5 } as const;
/** What the bot that survives gets while the other one is gone. */
export const survivorProblem = { device: 'client-survivor', alerts: 5 } as const;

export function problemDevice(index: number): string {
  return `client-p${index + 1}`;
}

export function devicesOf({ problems }: Pick<RoundPlan, 'problems'>): readonly string[] {
  const special = [lastProblem.device, survivorProblem.device];
  return [...problems.map((_, index) => problemDevice(index)), ...strays, ...special];
}

/** All alerts of the round's problems and of its strays, in the order in which they are sent. */
export function planAlerts(
  { problems }: Pick<RoundPlan, 'problems'>,
  random: SeededRandom,
): readonly PlannedAlert[] {
  const devices = [
    ...problems.flatMap((count, index) => Array<string>(count).fill(problemDevice(index))),
    ...strays.flatMap((device) => Array<string>(random.between(1, threshold)).fill(device)),
  ];
  return shuffle(devices, random).map((device, index) => ({
    index,
    device,
    door: doors[random.between(0, doors.length)] ?? 'imap',
    copies: random.between(0, 10) === 0 ? 2 : 1,
  }));
}

export function shuffle<T>(list: readonly T[], random: SeededRandom): readonly T[] {
  const left = [...list];
  return list.flatMap(() => left.splice(random.between(0, left.length), 1));
}
