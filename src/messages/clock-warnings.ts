import type { FailedJob } from '../domain/redistribution.ts';
import { type ClockReading, isHarmless } from '../domain/server-clock.ts';
import { clampText } from './clamp-text.ts';
import { foldNames } from './fold-names.ts';
import { countOf, showDuration } from './wording.ts';

/** Says that a server's clock is off, and what that means for what is shown; `null` if it is right or not known. */
export function describeClock(server: string, reading: ClockReading | null): string | null {
  if (!reading || isHarmless(reading)) return null;
  const { offsetMs, uncertaintyMs } = reading;
  const direction = offsetMs > 0 ? 'ahead' : 'behind';
  const within = uncertaintyMs < 1_000 ? `${Math.ceil(uncertaintyMs)} ms` : showDuration(uncertaintyMs);
  return `The clock of ${server} is ${showDuration(Math.abs(offsetMs))} ${direction} (± ${within}). Times from its logs are as it wrote them. Set it right (timedatectl, chronyc makestep).`;
}

/** Says that a server's clock was moved, so that times alone no longer tell an order. `null`: it was not. */
export function describeMovedClock(server: string, movedMs: number): string | null {
  if (movedMs === 0) return null;
  return `The clock of ${server} was moved by ${showDuration(movedMs)} within the time that was read: only the order of lines in one file counts there.`;
}

/** Says which failures were taken in although they may lie outside of the period; `null`: none. */
export function describeEdge(atEdge: readonly FailedJob[]): string | null {
  if (atEdge.length === 0) return null;
  const names = clampText(foldNames([...new Set(atEdge.map(({ recipient }) => recipient))]), 150);
  return `${countOf(atEdge.length, 'failure')} may lie outside of the period, by as much as the clock is off, and ${atEdge.length === 1 ? 'is' : 'are'} taken in: ${names}.`;
}

/** Says which failures a success may have mended; `null`: none. */
export function describeDoubts(
  doubtful: readonly { readonly failure: FailedJob; readonly reason: string }[],
): string | null {
  const [first] = doubtful;
  if (!first) return null;
  const more = doubtful.length > 1 ? `, and ${doubtful.length - 1} more` : '';
  const { job, recipient } = first.failure;
  return `${countOf(doubtful.length, 'failure')} may have been mended already and ${doubtful.length === 1 ? 'counts' : 'count'} as failed: ${job} for ${recipient}: ${first.reason}${more}.`;
}
