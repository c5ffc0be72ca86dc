import type { CommandState } from '../domain/redistribution.ts';

interface NextCommand {
  readonly id: string;
  readonly state: CommandState;
  /** Whether it is for the first recipients of its job. */
  readonly isCanary?: boolean;
}

/** What decides which commands of a redistribution start next. */
export interface NextCheck {
  /** In their order. */
  readonly commands: readonly NextCommand[];
  readonly atOnce: number;
  /** How many more may be chosen ahead, so that one can begin as soon as another has ended. */
  readonly ahead: number;
  readonly onFailure: 'stop' | 'continue';
  /** Whether those that are no canary may follow by themselves once all canaries have succeeded. */
  readonly goesOn: boolean;
}

export interface NextDecision {
  /** Ids of the commands to start now. */
  readonly start: readonly string[];
  /** Ids of those that will not be started, and why. */
  readonly skip: readonly string[];
  readonly reason: string | null;
  /** Whether all canaries have succeeded, and the others wait for a person. */
  readonly asks: boolean;
}

/**
 * Decides which commands start now (B12): in their order, as many at a time as the server takes, rolling; where the first failure stops
 * the others, those that have not begun are left out. Canaries go first, alone: unless all of them succeed nothing else starts.
 */
export function decideNext(check: NextCheck): NextDecision {
  const { commands, goesOn } = check;
  // Those that were left out are no part of it.
  const canaries = commands.filter(({ isCanary, state }) => isCanary === true && state !== 'planned');
  if (canaries.some(({ state }) => state === 'approved' || state === 'running')) {
    return chooseFrom({ ...check, commands: canaries, ahead: 0 });
  }
  const waiting = commands.filter(({ state }) => state === 'approved').map(({ id }) => id);
  if (canaries.some(({ state }) => state !== 'succeeded')) {
    return { ...startNothing, skip: waiting, reason: 'not all of the first recipients succeeded' };
  }
  if (canaries.length > 0 && !goesOn) return { ...startNothing, asks: waiting.length > 0 };
  return chooseFrom(check);
}

export const startNothing: NextDecision = { start: [], skip: [], reason: null, asks: false };

function chooseFrom({ commands, atOnce, ahead, onFailure }: Omit<NextCheck, 'goesOn'>): NextDecision {
  const idsOf = (state: CommandState) => commands.filter((one) => one.state === state).map(({ id }) => id);
  const waiting = idsOf('approved');
  const hasFailed = commands.some(({ state }) => state === 'failed' || state === 'unknown');
  if (hasFailed && onFailure === 'stop') {
    return { ...startNothing, skip: waiting, reason: 'an earlier command did not succeed' };
  }
  // Whether the next one may begin is not known before this one has ended.
  const room = onFailure === 'stop' ? atOnce : atOnce + ahead;
  const free = Math.max(0, room - idsOf('running').length);
  return { ...startNothing, start: waiting.slice(0, free) };
}
