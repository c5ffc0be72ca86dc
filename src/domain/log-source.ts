import type { Period } from './redistribution.ts';

export const logAdapters = ['record'] as const;

/** One log of a distribution server, as the config describes it. */
export interface LogSource {
  readonly adapter: (typeof logAdapters)[number];
  /** Absolute, on the server; `*` in its last part stands for any text. What rotation made of the files belongs to it. */
  readonly path: string;
  /** IANA name; the zone of times that are written without one. */
  readonly timeZone: string;
  /** How long before the period a run may have begun that ended in it. */
  readonly longestRunMs: number;
}

/** What is wanted of one log of a server (B7). */
export interface LogQuery {
  readonly path: string;
  readonly period: Period;
  /** When a line was written; null: it does not say. `before` is a moment before which the year of a time without one is. */
  readonly timeOf: (line: string, before: Date) => Date | null;
}

/** Whole lines of one file, those of the period and perhaps more. */
export interface LogSlice {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Where the bytes begin in the file, unpacked. */
  readonly offset: number;
  /** The number of the first line, counted from 1; null where what is before was not read. */
  readonly firstLine: number | null;
  /** When the file was last written to. */
  readonly modifiedAt: Date;
}
