import type { Node } from '../../src/alert/pattern/syntax.ts';

/** Goes on from a place in the text; is it a match in the end, and where does it end? */
type GoOn = (at: number) => number | null;

/** The places of a pattern: one for each character that it can read, repeats written out. */
export function countPlaces(node: Node): number {
  if (node.kind === 'set') return 1;
  if (node.kind === 'assertion') return 0;
  if (node.kind === 'group') return countPlaces(node.node);
  if (node.kind === 'repeat') {
    const times = node.max === Number.POSITIVE_INFINITY ? Math.max(node.min, 1) : node.max;
    return times * countPlaces(node.node);
  }
  return node.nodes.reduce((sum, each) => sum + countPlaces(each), 0);
}

/**
 * Searches as a backtracking engine does, the simplest there can be, for all matches one after another; gives how often
 * it read a character that suited the pattern, at most `limit`.
 */
export function countReads(pattern: Node, text: string, limit: number): number {
  const characters = Array.from(text);
  let reads = 0;
  const isWord = (at: number) => /\w/.test(characters[at] ?? '');
  const holds: Readonly<Record<string, (at: number) => boolean>> = {
    '^': (at) => at === 0 || characters[at - 1] === '\n',
    $: (at) => at === characters.length || characters[at] === '\n',
    '\\b': (at) => isWord(at - 1) !== isWord(at),
    '\\B': (at) => isWord(at - 1) === isWord(at),
  };

  function match(node: Node, at: number, goOn: GoOn): number | null {
    if (reads >= limit) return null;
    if (node.kind === 'assertion') return holds[node.mark]?.(at) === true ? goOn(at) : null;
    if (node.kind === 'group') return match(node.node, at, goOn);
    if (node.kind === 'repeat') return matchRepeat(node, at, 0, goOn);
    if (node.kind === 'sequence') return matchSequence(node.nodes, at, goOn);
    if (node.kind === 'alternatives') {
      for (const each of node.nodes) {
        const end = match(each, at, goOn);
        if (end !== null) return end;
      }
      return null;
    }
    const character = characters[at]?.codePointAt(0) ?? -1;
    if (!node.ranges.some(([first, last]) => first <= character && character <= last)) return null;
    reads += 1;
    return goOn(at + 1);
  }

  function matchSequence([node, ...rest]: readonly Node[], at: number, goOn: GoOn): number | null {
    return node === undefined ? goOn(at) : match(node, at, (next) => matchSequence(rest, next, goOn));
  }

  function matchRepeat(
    node: Node & { kind: 'repeat' },
    at: number,
    times: number,
    goOn: GoOn,
  ): number | null {
    const more = () =>
      times < node.max
        ? match(node.node, at, (next) =>
            next === at && times >= node.min ? null : matchRepeat(node, next, times + 1, goOn),
          )
        : null;
    if (times < node.min) return more();
    return node.lazy ? (goOn(at) ?? more()) : (more() ?? goOn(at));
  }

  for (let start = 0; start <= characters.length; ) {
    const end = match(pattern, start, (at) => at);
    start = end === null || end === start ? start + 1 : end;
  }
  return reads;
}
