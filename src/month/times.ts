export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** The first moment of the simulated days: clocks are changed within thirty days of it, in Europe and in America. */
export const monthStart = new Date('2026-10-12T00:00:00Z');

/** A time in which something is so: from ≤ t < until. */
export interface Span {
  readonly from: Date;
  readonly until: Date;
}

export function isWithin({ from, until }: Span, at: Date): boolean {
  return from <= at && at < until;
}

export function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}

/** The offset of a zone's clocks from UTC at that time, in minutes. */
export function offsetOf(at: Date, timeZone: string): number {
  const local = wallClock(at, timeZone);
  return Math.round((Date.parse(`${local.replace(' ', 'T')}Z`) - at.getTime()) / minuteMs);
}

/** `2026-10-12 09:30:00`, as clocks on the wall show it there. */
export function wallClock(at: Date, timeZone: string): string {
  const known = clocks.get(timeZone) ?? createClock(timeZone);
  clocks.set(timeZone, known);
  return known.format(at);
}

/** Each takes longer to make than thousands of times take to be shown. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function createClock(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
}
