import type { ReadClock } from '../../domain/clock-format.ts';
import type { LogSlice } from '../../domain/log-source.ts';
import { type RepeatOf, repeatsIn } from '../../domain/zoned-time.ts';
import { type LogLine, linesOf } from './log-lines.ts';

/** A line, its text, and when it was written. */
export interface TimedLine {
  readonly line: LogLine;
  readonly text: string;
  /** Where an hour came twice and nothing tells which, of the first; `null` if the line has no time. */
  readonly at: Date | null;
  /** It may be later by this, in ms. */
  readonly mayBeLaterMs: number;
}

/** How to read a log in order. */
export interface LineReading {
  readonly textOf: (line: LogLine) => string;
  readonly timeOf: (text: string, before: Date) => Date | null;
  /** After how long clocks show the time of a line again; 0: never. */
  readonly repeatOf: RepeatOf;
}

/** Of lines of several writers one may be earlier than the one before by this. */
const disorderMs = 60_000;

/** Returns after how long the times of a log repeat; a format that states its offset has none that do. */
export function repeatsOf(readClock: ReadClock, timeZone: string): RepeatOf {
  return readClock.isLocal ? repeatsIn(timeZone) : () => 0;
}

/**
 * Yields the whole lines of a log in order, each with its time. Where clocks are set back an hour comes twice: the lines of a
 * file are in the order in which they were written, so that times which go back begin the second one. Without that, a line
 * that the file is too old for is of the first; any other may be of either.
 */
export function* timedLines(slices: readonly LogSlice[], reading: LineReading): Generator<TimedLine> {
  let hour: Hour | null = null;
  for (const line of linesOf(slices)) {
    // Half of a line may say something else than the whole.
    if (line.torn) continue;
    const text = reading.textOf(line);
    const at = reading.timeOf(text, line.modifiedAt);
    const repeatMs = at === null ? 0 : reading.repeatOf(at);
    const isOther = hour !== null && line.file !== hour.file;
    if (hour && (isOther || (at !== null && (repeatMs === 0 || !isSameHour(hour, at))))) {
      yield* settle(hour);
      hour = null;
    }
    if (at !== null && repeatMs > 0) hour ??= { file: line.file, first: at, repeatMs, lines: [] };
    const timed = { line, text, at, mayBeLaterMs: 0 };
    if (hour) hour.lines.push(timed);
    else yield timed;
  }
  if (hour) yield* settle(hour);
}

/** Lines in a row that are of an hour that came twice. */
interface Hour {
  readonly file: string;
  readonly first: Date;
  readonly repeatMs: number;
  readonly lines: TimedLine[];
}

function isSameHour({ first, repeatMs }: Hour, at: Date): boolean {
  return Math.abs(at.getTime() - first.getTime()) < repeatMs;
}

function settle({ lines, repeatMs }: Hour): readonly TimedLine[] {
  const second = findSecond(lines);
  const sureUntil = second ?? countTooOld(lines, repeatMs);
  return lines.map((timed, index) => {
    if (timed.at === null || index < sureUntil) return timed;
    if (second === null) return { ...timed, mayBeLaterMs: repeatMs };
    return { ...timed, at: new Date(timed.at.getTime() + repeatMs) };
  });
}

/** Where times go back, once; `null`: they do not, or more often than clocks are set back. */
function findSecond(lines: readonly TimedLine[]): number | null {
  const found: number[] = [];
  let latest = -Infinity;
  lines.forEach(({ at }, index) => {
    if (at === null) return;
    if (at.getTime() < latest - disorderMs) {
      found.push(index);
      latest = at.getTime();
    }
    latest = Math.max(latest, at.getTime());
  });
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** How many of the first lines can't be of the second hour: the file was last written to before that. */
function countTooOld(lines: readonly TimedLine[], repeatMs: number): number {
  const isTooOld = ({ at, line }: TimedLine) =>
    at !== null && at.getTime() + repeatMs > line.modifiedAt.getTime() + disorderMs;
  return lines.findLastIndex(isTooOld) + 1;
}
