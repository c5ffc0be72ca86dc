/** Recoveries within a day from which on a problem counts as flapping. */
export const flapsThatTell = 3;
export const flapsWithinMs = 86_400_000;

/** How a ticket's problem comes and goes. */
export interface Flapping {
  /** When it was said to be repaired or back, before it failed again within the last day; ISO 8601. */
  readonly back: readonly string[];
  /** Since when it is known to come and go; `null` while it is not. ISO 8601. */
  readonly since: string | null;
}
