import type { ClockReading } from '../server-clock.ts';

/** The history of servers' clocks. */
export interface ServerClockTx {
  /** Keeps a reading that differs from the last one. Drops those older than a month or beyond the newest 500 of a server. */
  noteClock(server: string, reading: ClockReading): Promise<void>;
  /** Returns the readings since then and the last one before, oldest first. */
  clockHistory(server: string, since: Date): Promise<readonly ClockReading[]>;
}
