import { bounds } from './bounds.ts';

/** A delimiter line of an open multipart (RFC 2046 section 5.1.1). */
export interface Delimiter {
  /** Of the line, in bytes from the start of the body. */
  readonly start: number;
  readonly end: number;
  /** Of the multipart that it belongs to, from the outermost. */
  readonly index: number;
  readonly isClosing: boolean;
}

/** Finds the delimiter lines of a body in one pass. */
export interface DelimiterScan {
  /** The delimiter that begins exactly here; `null` for any other line. */
  at(lineStart: number, boundaries: readonly (string | null)[]): Delimiter | null;
  /** The first one from the start of a line on. */
  next(lineStart: number, boundaries: readonly (string | null)[]): Delimiter | null;
  /** There are more lines that begin as a delimiter does than are looked at. */
  isExhausted(): boolean;
}

/** A line may be padded with blanks, up to the length of a line (RFC 5322 section 2.1.1), beyond its boundary. */
const longestLine = 2 * 998;
const dash = 0x2d;

export function scanDelimiters(body: Buffer): DelimiterScan {
  let linesLeft: number = bounds.delimiterLines;

  function at(start: number, boundaries: readonly (string | null)[]): Delimiter | null {
    if (body[start] !== dash || body[start + 1] !== dash || linesLeft <= 0) return null;
    linesLeft -= 1;
    const newline = body.indexOf(0x0a, start);
    const end = newline < 0 ? body.length : newline + 1;
    if (end - start > longestLine) return null;
    const line = withoutBlanks(body.toString('latin1', start + 2, end));
    // The delimiter of any open multipart ends all that is within it.
    for (let index = boundaries.length - 1; index >= 0; index -= 1) {
      const boundary = boundaries[index] ?? null;
      if (boundary === null) continue;
      if (line === boundary) return { start, end, index, isClosing: false };
      if (line === `${boundary}--`) return { start, end, index, isClosing: true };
    }
    return null;
  }

  return {
    at,
    next(lineStart, boundaries) {
      if (boundaries.every((boundary) => boundary === null)) return null;
      for (let start = lineStart; linesLeft > 0; ) {
        const found = at(start, boundaries);
        if (found !== null) return found;
        const before = body.indexOf('\n--', start);
        if (before < 0) return null;
        start = before + 1;
      }
      return null;
    },
    isExhausted: () => linesLeft <= 0,
  };
}

function withoutBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && ' \t\r\n'.includes(line.charAt(end - 1))) end -= 1;
  return line.slice(0, end);
}
