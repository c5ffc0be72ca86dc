/** A command cut down to some of its recipients, or why that is not safe. */
export type Narrowing =
  | { readonly narrowed: true; readonly argv: readonly string[] }
  | { readonly narrowed: false; readonly reason: string };

/** A command as its tool tries it. */
export interface Trial {
  readonly argv: readonly string[];
  /** Why the trial may do more than print, in a sentence's end; `null` if the tool proves that it only prints. */
  readonly effect: string | null;
}

/** What is known of one distribution tool's command line. */
export interface Tool {
  /** Its names, without directories. */
  readonly programs: readonly string[];
  /** Whom the command is for, where its arguments say so; null: they don't. */
  readonly targets: (argv: readonly string[]) => readonly string[] | null;
  /** Returns why the command may reach others than these recipients; `null` if its arguments name no others. */
  readonly reach: (argv: readonly string[], recipients: readonly string[]) => string | null;
  /** The command for these recipients alone; all other arguments stay. */
  readonly narrow: (argv: readonly string[], keep: readonly string[]) => Narrowing;
  /** Returns whether the command only tries, lists or explains itself, and delivers nothing. */
  readonly isTrial: (argv: readonly string[]) => boolean;
  /** Returns the command as the tool tries it; `null` if the tool has no dry run for it. */
  readonly dryRun: (argv: readonly string[]) => Trial | null;
  /** Returns a trial that prints nothing and ends with 0 only where all is in place; `null` if there is none. */
  readonly verify: (argv: readonly string[]) => readonly string[] | null;
}

export function refuseNarrowing(reason: string): Narrowing {
  return { narrowed: false, reason };
}

/** Names that mean themselves in every tool's lists. */
const plainName = /^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$/;

/** Why one of the names can't stand in a list; null: all can. */
export function findOddName(names: readonly string[]): string | null {
  const odd = names.find((name) => !plainName.test(name));
  return odd === undefined ? null : `${JSON.stringify(odd)} would mean something else in a list of hosts`;
}

/** Returns a sentence's end about hosts beside the recipients; `null` if there are none. */
export function describeOthers(targets: readonly string[], recipients: readonly string[]): string | null {
  const known = new Set(recipients);
  const others = targets.filter((name) => !known.has(name));
  if (others.length === 0) return null;
  const named = others.slice(0, 5).join(', ');
  return `its list also names ${named}${others.length > 5 ? ` and ${others.length - 5} more` : ''}`;
}
