import { RestageError } from '../../domain/errors.ts';
import type { ServerProfile } from '../../domain/server.ts';
import { type ClockReading, type ClockSpan, spanOfClock } from '../../domain/server-clock.ts';
import {
  describeClock,
  describeDoubts,
  describeEdge,
  describeMovedClock,
} from '../../messages/clock-warnings.ts';
import type { Selection } from '../../redistribution/select.ts';
import type { Deps } from '../deps.ts';

/** What is known of a server's clock. */
export interface KnownClock {
  /** As it is now; `null`: the server does not tell, and was never measured. */
  readonly reading: ClockReading | null;
  /** What its times since the beginning of a period are worth. */
  readonly span: ClockSpan;
}

/** Measures a server's clock, keeps the reading, and returns it together with those of before. */
export async function readClock(deps: Deps, profile: ServerProfile, since: Date): Promise<KnownClock> {
  const measured = await deps.servers.clockOf(profile);
  return deps.store.transaction(async (tx) => {
    if (measured) await tx.noteClock(profile.name, measured);
    const history = await tx.clockHistory(profile.name, since);
    const reading = measured ?? history.at(-1) ?? null;
    return { reading, span: spanOfClock(measured ? [...history, measured] : history, since) };
  });
}

/** Keeps a reading of a server's clock. That it can't be kept now is no reason to stop anything. */
export async function noteClock(
  deps: Pick<Deps, 'store' | 'log'>,
  server: string,
  reading: ClockReading,
): Promise<void> {
  try {
    await deps.store.transaction((tx) => tx.noteClock(server, reading));
  } catch (error) {
    const code = error instanceof RestageError ? error.code : null;
    deps.log.info({ server, code, error: String(error) }, 'reading of a clock not kept');
  }
}

/** Returns what the reader has to know about the times behind a selection, a text each. */
export function describeWarnings(
  server: string,
  { reading, span }: KnownClock,
  { atEdge, doubtful }: Pick<Selection, 'atEdge' | 'doubtful'>,
): readonly string[] {
  return [
    describeClock(server, reading),
    describeMovedClock(server, span.movedMs),
    describeEdge(atEdge),
    describeDoubts(doubtful),
  ].filter((text) => text !== null);
}
