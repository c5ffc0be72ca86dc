import type { LogSlice } from '../../domain/log-source.ts';
import type { Provenance } from '../../domain/redistribution.ts';
import { digestLines } from '../digest.ts';

/** One line as it stands in its file. */
export interface LogLine {
  readonly file: string;
  readonly line: number | null;
  readonly offset: number;
  readonly content: Uint8Array;
  /** Without a newline at its end: it may be in the middle of being written. */
  readonly torn: boolean;
  readonly modifiedAt: Date;
}

const newline = 0x0a;

/** All lines but the empty ones, in order. */
export function* linesOf(slices: readonly LogSlice[]): Generator<LogLine> {
  for (const { path, bytes, offset, firstLine, modifiedAt } of slices) {
    for (let start = 0, index = 0; start < bytes.length; index++) {
      const found = bytes.indexOf(newline, start);
      const end = found === -1 ? bytes.length : found;
      const line = firstLine === null ? null : firstLine + index;
      const content = bytes.subarray(start, end);
      if (end > start)
        yield { file: path, line, offset: offset + start, content, torn: found === -1, modifiedAt };
      start = end + 1;
    }
  }
}

/** Where a job was read, by its lines in order; there is at least one. */
export function provenanceOf(lines: readonly LogLine[]): Provenance {
  const [first] = lines;
  return {
    file: first?.file ?? '',
    line: first?.line ?? null,
    offset: first?.offset ?? 0,
    lines: lines.length,
    digest: digestLines(lines),
  };
}
