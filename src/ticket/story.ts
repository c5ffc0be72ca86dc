import type { NotableChange, Told } from '../domain/ticket.ts';

/** What a ticket's alerts say in sum, as far as its thread tells of it. */
export interface TicketSum {
  readonly alertCount: number;
  readonly deviceCount: number;
  readonly packages: readonly string[];
  readonly failures: readonly string[];
}

/** Fewer alerts than that are no news: the ticket's message counts them. */
const leastCrossed = 100;

/** What has changed notably since the thread was last told (A17); null: nothing. */
export function findNotableChange(told: Told, sum: TicketSum): NotableChange | null {
  const crossed = tens(sum.alertCount);
  const change = {
    countCrossed: crossed > tens(told.alertCount) && crossed >= leastCrossed ? crossed : null,
    alertCount: sum.alertCount,
    newDevices: Math.max(0, sum.deviceCount - told.deviceCount),
    deviceCount: sum.deviceCount,
    newPackages: sum.packages.filter((name) => !told.packages.includes(name)),
    newFailures: sum.failures.filter((name) => !told.failures.includes(name)),
  };
  const isNotable =
    change.countCrossed !== null ||
    change.newDevices > 0 ||
    change.newPackages.length > 0 ||
    change.newFailures.length > 0;
  return isNotable ? change : null;
}

/** The thread has been told what the alerts say now. */
export function tellAll(sum: TicketSum, told: Told | null, now: Date): Told {
  return {
    alertCount: sum.alertCount,
    deviceCount: sum.deviceCount,
    packages: [...sum.packages],
    failures: [...sum.failures],
    at: now.toISOString(),
    lines: (told?.lines ?? 0) + 1,
  };
}

const slowdown = 60;
const longestPauseMs = 86_400_000;

/**
 * Returns how long the thread is silent after its last line, in ms: each pause is 60 times the one before, a day at most.
 * With `tellEveryMs` of a minute that is a minute, an hour, then a day: the ticket itself always says what is known.
 */
export function pauseAfter({ lines }: Pick<Told, 'lines'>, tellEveryMs: number): number {
  return Math.min(Math.max(tellEveryMs, longestPauseMs), tellEveryMs * slowdown ** Math.max(0, lines - 1));
}

/** The greatest power of ten up to a number. */
function tens(count: number): number {
  return count < 1 ? 0 : 10 ** (String(Math.floor(count)).length - 1);
}
