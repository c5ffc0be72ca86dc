import { invert, overlap, rangeOf, type Ranges } from './ranges.ts';
import type { Node, Repeat } from './syntax.ts';

/** Why a backtracking search for a pattern may take more than linear work. */
export type Doubt = 'too-large' | 'matches-nothing' | 'empty-repeat' | 'empty-choices' | 'two-ways';

/** What can stand at the beginning: a place, reached only after a line end where `^` comes before it. */
interface Entry {
  readonly place: number;
  readonly atLineStart: boolean;
}

/** A part of a pattern: where it begins, where it ends, and where it may match nothing. */
interface Part {
  readonly first: readonly Entry[];
  readonly last: readonly number[];
  readonly empty: 'never' | 'anywhere' | 'at-line-start';
}

/** The places of a pattern, one for each character that it reads, and which of them may follow which. */
interface Places {
  readonly sets: Ranges[];
  readonly next: Set<number>[];
}

const most = { places: 1_000, pairs: 20_000 };
const lineEnd = rangeOf('\n');

class Doubtful extends Error {
  readonly doubt: Doubt;
  constructor(doubt: Doubt) {
    super(doubt);
    this.doubt = doubt;
  }
}

/**
 * Is a search that backtracks, over a text of n characters and for all matches one after another, sure to take no more
 * than (places of the pattern) · n steps, as RE2 does? null: it is; else why not.
 *
 * The argument: such a search tries every way through the pattern at most once, a way being where in the text it began
 * and which place of the pattern read each character since. Here the search itself belongs to the pattern, as places
 * that read any character before it. Where no two different ways lead to one place at one character, every place is
 * entered at most once for each character, over all beginnings and all matches together. Two such ways exist if and
 * only if two different places can have read the same character after the same text, and both be followed by the same
 * place on the same next character: the pairs of places that can be reached together are walked to see that there are
 * none. A place that can follow another one in two ways, and two ways to match nothing, are refused as well: they would
 * branch without a character. `$`, `\b` and the like are taken as if they always held, which only adds ways.
 * What stands at the end and can't fail, such as `.*`, is left out: it is walked once, in a match that is certain.
 */
export function findDoubt(pattern: Node): Doubt | null {
  // In front of the pattern: any character but a line end, and a line end.
  const places: Places = { sets: [invert(lineEnd), lineEnd], next: [new Set([0, 1]), new Set([0, 1])] };
  try {
    const { first, empty } = enter(places, withoutSureEnd(pattern));
    if (empty !== 'never') return 'matches-nothing';
    connect(places, [0, 1], first);
    return hasTwoWays(places) ? 'two-ways' : null;
  } catch (error) {
    if (error instanceof Doubtful) return error.doubt;
    throw error;
  }
}

/** Without what at the end can match nothing, and so needs no other way to be tried. */
function withoutSureEnd(node: Node): Node {
  if (node.kind === 'group') return { kind: 'group', node: withoutSureEnd(node.node) };
  if (node.kind === 'alternatives') return { ...node, nodes: node.nodes.map(withoutSureEnd) };
  if (node.kind === 'repeat' && node.node.kind === 'set') return { ...node, max: node.min };
  if (node.kind !== 'sequence') return node;
  const last = node.nodes.at(-1);
  if (last === undefined) return node;
  const rest = { ...node, nodes: node.nodes.slice(0, -1) };
  const end = withoutSureEnd(last);
  return isNothing(end) ? withoutSureEnd(rest) : { ...rest, nodes: [...rest.nodes, end] };
}

function isNothing(node: Node): boolean {
  if (node.kind === 'group') return isNothing(node.node);
  if (node.kind === 'repeat') return node.max === 0;
  return node.kind === 'sequence' && node.nodes.length === 0;
}

const nothing: Part = { first: [], last: [], empty: 'anywhere' };

/** Gives the characters of a part their places, and connects them. */
function enter(places: Places, node: Node): Part {
  if (node.kind === 'group') return enter(places, node.node);
  if (node.kind === 'assertion') return node.mark === '^' ? { ...nothing, empty: 'at-line-start' } : nothing;
  if (node.kind === 'repeat') return enterRepeat(places, node);
  if (node.kind === 'sequence')
    return node.nodes.reduce<Part>((before, each) => follow(places, before, enter(places, each)), nothing);
  if (node.kind === 'alternatives') return choose(node.nodes.map((each) => enter(places, each)));
  const place = places.sets.push(node.ranges) - 1;
  places.next.push(new Set());
  if (place > most.places) throw new Doubtful('too-large');
  return { first: [{ place, atLineStart: false }], last: [place], empty: 'never' };
}

function choose(parts: readonly Part[]): Part {
  const empty = parts.map((part) => part.empty).filter((each) => each !== 'never');
  if (empty.length > 1) throw new Doubtful('empty-choices');
  return {
    first: parts.flatMap(({ first }) => first),
    last: parts.flatMap(({ last }) => last),
    empty: empty[0] ?? 'never',
  };
}

function follow(places: Places, before: Part, after: Part): Part {
  connect(places, before.last, after.first);
  const atLineStart = before.empty === 'at-line-start';
  const skipped = after.first.map((entry) => (atLineStart ? { ...entry, atLineStart } : entry));
  return {
    first: before.empty === 'never' ? before.first : [...before.first, ...skipped],
    last: after.empty === 'never' ? after.last : [...before.last, ...after.last],
    empty:
      before.empty === 'never' || after.empty === 'never'
        ? 'never'
        : atLineStart
          ? before.empty
          : after.empty,
  };
}

/** Each time that it must or may come is a part of its own; only the last can come again and again. */
function enterRepeat(places: Places, { node, min, max }: Repeat): Part {
  const copies = max === Number.POSITIVE_INFINITY ? Math.max(min, 1) : max;
  let whole = nothing;
  for (let copy = copies; copy > 0; copy -= 1) {
    const part = enter(places, node);
    if (part.empty !== 'never') throw new Doubtful('empty-repeat');
    if (max === Number.POSITIVE_INFINITY && copy === copies) connect(places, part.last, part.first);
    const joined = follow(places, part, whole);
    whole = copy > min ? { ...joined, empty: 'anywhere' } : joined;
  }
  return whole;
}

function connect({ sets, next }: Places, last: readonly number[], first: readonly Entry[]): void {
  for (const from of last) {
    for (const { place, atLineStart } of first) {
      if (atLineStart && !overlap(sets[from] ?? [], lineEnd)) continue;
      if (next[from]?.has(place)) throw new Doubtful('two-ways');
      next[from]?.add(place);
    }
  }
}

/** Can two different places read the same character of a text, and the same place the next one? */
function hasTwoWays({ sets, next }: Places): boolean {
  const size = sets.length;
  // Before the text stands, so to speak, a line end.
  const pairs = new Set([1 * size + 1]);
  // A set that grows while it is walked: everything added is visited too.
  for (const pair of pairs) {
    if (pairs.size > most.pairs) throw new Doubtful('too-large');
    const some = Math.floor(pair / size);
    const other = pair % size;
    for (const a of next[some] ?? []) {
      for (const b of next[other] ?? []) {
        if (a === b && some !== other) return true;
        if (overlap(sets[a] ?? [], sets[b] ?? [])) pairs.add(Math.min(a, b) * size + Math.max(a, b));
      }
    }
  }
  return false;
}
