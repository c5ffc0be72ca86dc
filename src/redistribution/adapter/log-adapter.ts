import type { LogSlice } from '../../domain/log-source.ts';
import type { JobRecord } from '../../domain/redistribution.ts';

/** A line that could not be understood. */
export interface LogFault {
  readonly file: string;
  readonly line: number | null;
  readonly offset: number;
  readonly reason: string;
}

export interface ParsedLog {
  /** In the order of their first lines. */
  readonly records: readonly JobRecord[];
  readonly faults: readonly LogFault[];
}

/** Understands one kind of log (B8). Pure: the same slices give the same records. */
export interface LogAdapter {
  readonly name: string;
  /** How much earlier than its predecessor a line may be: clocks that are set back, lines of several writers. */
  readonly disorderMs: number;
  /** When a line was written; null: it does not say. Cheap, since a log is searched with it. */
  readonly timeOf: (line: string, before: Date) => Date | null;
  /** The jobs in slices of one log, oldest first. What can't be read is a fault; it never stops the rest. */
  readonly parse: (slices: readonly LogSlice[]) => ParsedLog;
}
