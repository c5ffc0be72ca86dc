import { RE2JS } from 're2js';
import { findNeeds, type Needs } from './needed-text.ts';
import { decideNative, nativeFlags } from './pattern/native.ts';
import { type Node, parsePattern } from './pattern/syntax.ts';
import type { SearchText } from './search-text.ts';

/** A compiled pattern (RE2 syntax, multi-line mode): its time is linear in the text, whatever the pattern. */
export interface Pattern {
  matcher(text: SearchText): PatternMatcher;
  /** Returns whether there is a match; cheaper than to find where. */
  occursIn(text: SearchText): boolean;
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
  const parsed = parsePattern(source, { ignoreCase });
  let engine: Engine | null = null;
  // Chosen when it is first needed: many patterns never are.
  const chosen = () => (engine ??= chooseEngine(compiled, parsed));
  const search: Search = (text) => chosen().search(text);
  const needs = parsed && findNeeds(parsed);
  const searched = (needs?.anyOf ?? []).map(fromRarestLetter);
  const matcher = ({ text, folded }: SearchText) => {
    if (needs === null || folded === null) return search(text);
    const next = createFinder(folded, searched);
    if (next(0) < 0) return noMatch;
    return needs.withinLine ? searchLines(search, text, next) : searchOn(search(text), next);
  };
  return {
    matcher,
    occursIn(text) {
      const lacksNeeds = needs !== null && text.folded !== null && createFinder(text.folded, searched)(0) < 0;
      if (lacksNeeds) return false;
      return chosen().occursIn?.(text.text) ?? matcher(text).find();
    },
    pattern: () => compiled.pattern(),
    namedGroups: () => compiled.namedGroups(),
  };
}

interface EngineMatcher extends PatternMatcher {
  /** Where the match ends in the text. */
  end(): number;
}

type Search = (text: string) => EngineMatcher;

interface Engine {
  readonly search: Search;
  /** Where there is a way to tell that is cheaper than to search. */
  readonly occursIn?: (text: string) => boolean;
}

/** In UTF-16 units; beyond, JavaScript's engine may run out of the memory that it notes ways back in. */
const longestForNative = 1_048_576;

/**
 * RE2's, or JavaScript's own, which is much faster, where it does the same. RE2's automaton that finds groups takes about 1 µs
 * for each character; the one that only tells whether there is a match takes a twentieth of it, and is asked first.
 */
function chooseEngine(compiled: RE2JS, parsed: Node | null): Engine {
  const decision = decideNative(parsed);
  const occursIn = (text: string) => compiled.test(text);
  const searchLinearly: Search = (text) => (occursIn(text) ? compiled.matcher(text) : noMatch);
  if (!decision.native) return { search: searchLinearly, occursIn };
  const native = new RegExp(decision.source, nativeFlags);
  const groups = compiled.namedGroups();
  return {
    search: (text) =>
      text.length > longestForNative ? searchLinearly(text) : new NativeMatcher(native, groups, text),
  };
}

/** A class, as there are many: closures would be many more. */
class NativeMatcher implements EngineMatcher {
  private readonly native: RegExp;
  private readonly groups: Readonly<Record<string, number>>;
  private readonly text: string;
  private match: RegExpExecArray | null = null;
  private from = 0;

  constructor(native: RegExp, groups: Readonly<Record<string, number>>, text: string) {
    this.native = native;
    this.groups = groups;
    this.text = text;
  }

  find(): boolean {
    this.native.lastIndex = this.from;
    this.match = this.native.exec(this.text);
    this.from = this.native.lastIndex;
    return this.match !== null;
  }

  group(name: string): string | null {
    return this.match?.[this.groups[name] ?? 0] ?? null;
  }

  start(): number {
    return this.match?.index ?? 0;
  }

  end(): number {
    return this.from;
  }
}

/** English letters, the most frequent first. */
const byFrequency = 'etaoinsrhdlucmfywgpbvkxqjz';

/** The end of a text from its rarest letter on: a search that looks for a first character stops less often there. */
function fromRarestLetter(text: string): string {
  const starts = Array.from(text.slice(0, -2), (_, start) => start);
  const rarity = (start: number) => byFrequency.indexOf(text.charAt(start));
  return text.slice(starts.toSorted((a, b) => rarity(b) - rarity(a))[0]);
}

/** Where the next of the texts stands, from a place on that never moves back; -1 where there is none. */
type Finder = (from: number) => number;

/** Each text is searched for once, however often it asks. */
function createFinder(folded: string, texts: Needs['anyOf']): Finder {
  const places = texts.map(() => -1);
  const findNext = (text: string, from: number) => {
    const place = folded.indexOf(text, from);
    return place < 0 ? Number.POSITIVE_INFINITY : place;
  };
  return (from) => {
    let first = Number.POSITIVE_INFINITY;
    for (let index = 0; index < texts.length; index += 1) {
      let place = places[index] ?? 0;
      if (place < from) places[index] = place = findNext(texts[index] ?? '', from);
      if (place < first) first = place;
    }
    return first === Number.POSITIVE_INFINITY ? -1 : first;
  };
}

const noMatch: EngineMatcher = { find: () => false, group: () => null, start: () => 0, end: () => 0 };

/** Only in the lines that hold what is needed: no match reaches into another one. */
function searchLines(search: Search, text: string, next: Finder): PatternMatcher {
  let matcher: EngineMatcher | null = null;
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
        matcher = search(text.slice(start, end));
      }
      return true;
    },
    group: (name) => matcher?.group(name) ?? null,
    start: () => start + (matcher?.start() ?? 0),
  };
}

/** Only as long as what is needed is still to come. */
function searchOn(matcher: EngineMatcher, next: Finder): PatternMatcher {
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
