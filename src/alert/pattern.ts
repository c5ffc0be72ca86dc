import { RE2JS } from 're2js';

/** A compiled pattern (RE2 syntax, multi-line mode): its time is linear in the text, whatever the pattern. */
export interface Pattern {
  matcher(text: string): PatternMatcher;
  /** As it was written. */
  pattern(): string;
  namedGroups(): Readonly<Record<string, number>>;
}

export interface PatternMatcher {
  /** Finds the next match. */
  find(): boolean;
  /** Of the match: what the group holds, null where it took no part. */
  group(name: string): string | null;
  /** Where the match begins in the text. */
  start(): number;
}

/**
 * Compiles a pattern.
 * @throws RE2JSException when the pattern is not valid.
 */
export function compile(source: string, flags = RE2JS.MULTILINE): Pattern {
  return RE2JS.compile(source, flags);
}
