/** A fault that a round can meet. */
export interface FaultKind {
  readonly world: World;
  /** What happens, for people. */
  readonly what: string;
  /** Shortest and longest time until it heals, in ms; 0: it is over at once. */
  readonly lastsMs: readonly [number, number];
  /** How often it strikes, at least and at most; default: once. */
  readonly times?: readonly [number, number];
  /** It takes a survivor. */
  readonly needsTwoBots?: true;
  /** A PostgreSQL server for this round alone, on a small disk where the fault fills it. Default: a database of a shared one. */
  readonly database?: 'own' | 'small-disk';
  /** The bots reach the database over a link that can fall silent. */
  readonly needsDatabaseLink?: true;
  /** It shifts a bot's clock; a round has one such fault at most. */
  readonly shiftsClock?: true;
  /** In a round of its own: how long after it healed everything must be as it ought to be, in ms. Default: the round's bound. */
  readonly convergesWithinMs?: number;
  /** It lasts so long that a round has one such fault at most. */
  readonly isLong?: true;
}

export const worlds = ['mail', 'runs'] as const;
export type World = (typeof worlds)[number];
