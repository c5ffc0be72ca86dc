import { type Matcher, RE2JS } from 're2js';
import { findNeeds, type Needs } from './needed-text.ts';
import type { SearchText } from './search-text.ts';

/** A compiled pattern (RE2 syntax, multi-line mode): its time is linear in the text, whatever the pattern. */
export interface Pattern {
  matcher(text: SearchText): PatternMatcher;
  /** As it was written. */
  pattern(): string;
  namedGroups(): Readonly<Record<string, number>>;
}

export interface PatternMatcher {
  /** Finds the next match; not to be asked again once there is none. */
  find(): boolean;
  /** Of the match: what the group holds, null where it took no part. */
  group(name: string): string | null;
  /** Where the match begins in the text. */
  start(): number;
}

/**
 * Compiles a pattern. Where every match needs a certain text, that text is looked for first, which is much faster: most
 * patterns occur nowhere in most mail.
 * @throws RE2JSException when the pattern is not valid.
 */
export function compile(source: string, { ignoreCase = false } = {}): Pattern {
  const compiled = RE2JS.compile(source, RE2JS.MULTILINE | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0));
  const needs = findNeeds(source);
  return {
    matcher({ text, folded }) {
      if (needs === null || folded === null) return compiled.matcher(text);
      const next = createFinder(folded, needs.anyOf);
      return needs.withinLine ? searchLines(compiled, text, next) : searchOn(compiled, text, next);
    },
    pattern: () => compiled.pattern(),
    namedGroups: () => compiled.namedGroups(),
  };
}

/** Where the next of the texts stands, from a place on that never moves back; -1 where there is none. */
type Finder = (from: number) => number;

/** Each text is searched for once, however often it asks. */
function createFinder(folded: string, texts: Needs['anyOf']): Finder {
  const places = texts.map(() => -1);
  return (from) => {
    for (const [index, text] of texts.entries()) {
      if ((places[index] ?? 0) >= from) continue;
      const place = folded.indexOf(text, from);
      places[index] = place < 0 ? Number.POSITIVE_INFINITY : place;
    }
    const first = Math.min(...places);
    return first === Number.POSITIVE_INFINITY ? -1 : first;
  };
}

/** Only in the lines that hold what is needed: no match reaches into another one. */
function searchLines(compiled: RE2JS, text: string, next: Finder): PatternMatcher {
  let matcher: Matcher | null = null;
  let start = 0;
  let end = -1;
  return {
    find() {
      while (!matcher?.find()) {
        const place = next(end + 1);
        if (place < 0) return false;
        start = text.lastIndexOf('\n', place) + 1;
        end = text.indexOf('\n', place);
        if (end < 0) end = text.length;
        matcher = compiled.matcher(text.slice(start, end));
      }
      return true;
    },
    group: (name) => matcher?.group(name) ?? null,
    start: () => start + (matcher?.start() ?? 0),
  };
}

/** Only as long as what is needed is still to come. */
function searchOn(compiled: RE2JS, text: string, next: Finder): PatternMatcher {
  const matcher = compiled.matcher(text);
  let from = 0;
  return {
    find() {
      if (next(from) < 0 || !matcher.find()) return false;
      from = matcher.end();
      return true;
    },
    group: (name) => matcher.group(name),
    start: () => matcher.start(),
  };
}
