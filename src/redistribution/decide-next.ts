import type { CommandState } from '../domain/redistribution.ts';

/** What decides which commands of a redistribution start next. */
export interface NextCheck {
  /** In their order. */
  readonly commands: readonly { readonly id: string; readonly state: CommandState }[];
  readonly atOnce: number;
  /** How many more may be chosen ahead, so that one can begin as soon as another has ended. */
  readonly ahead: number;
  readonly onFailure: 'stop' | 'continue';
}

export interface NextDecision {
  /** Ids of the commands to start now. */
  readonly start: readonly string[];
  /** Ids of those that will not be started, and why. */
  readonly skip: readonly string[];
  readonly reason: string | null;
}

/**
 * Which commands start now (B12): in their order, as many at a time as the server takes, rolling; where the first failure stops
 * the others, those that have not begun are left out.
 */
export function decideNext({ commands, atOnce, ahead, onFailure }: NextCheck): NextDecision {
  const idsOf = (state: CommandState) => commands.filter((one) => one.state === state).map(({ id }) => id);
  const waiting = idsOf('approved');
  const hasFailed = commands.some(({ state }) => state === 'failed' || state === 'unknown');
  if (hasFailed && onFailure === 'stop') {
    return { start: [], skip: waiting, reason: 'an earlier command did not succeed' };
  }
  // Whether the next one may begin is not known before this one has ended.
  const room = onFailure === 'stop' ? atOnce : atOnce + ahead;
  const free = Math.max(0, room - idsOf('running').length);
  return { start: waiting.slice(0, free), skip: [], reason: null };
}
