import { overlap, rangeOf } from './pattern/ranges.ts';
import type { Node } from './pattern/syntax.ts';

/** What every match of a pattern has, as far as the pattern alone tells. */
export interface Needs {
  /** At least one of these texts stands in every match, whatever the case of its letters; all in lower case. */
  readonly anyOf: readonly string[];
  /** No match holds a line end. */
  readonly withinLine: boolean;
}

/** A piece of a pattern: one character that stands for itself, or more. */
interface Piece {
  readonly character: string | null;
  readonly anyOf: readonly string[] | null;
  readonly withinLine: boolean;
}

/** Lists of texts that are longer cost more than they save. */
const longestList = 40;
const lineEnd = rangeOf('\n');

/**
 * Finds out what every match of a pattern needs, whatever its case: where it can't be there, nobody need look for the
 * pattern. null: nothing is needed.
 */
export function findNeeds(pattern: Node): Needs | null {
  const { anyOf, withinLine } = readNode(pattern);
  return anyOf === null ? null : { anyOf, withinLine };
}

function readNode(node: Node): Piece {
  switch (node.kind) {
    case 'set':
      return { character: node.character, anyOf: null, withinLine: !overlap(node.ranges, lineEnd) };
    case 'assertion':
      return { character: null, anyOf: null, withinLine: true };
    case 'group':
      return readNode(node.node);
    case 'repeat': {
      const piece = readNode(node.node);
      return { ...piece, character: null, anyOf: node.min === 0 ? null : needsOf(piece) };
    }
    case 'sequence':
      return joinSequence(node.nodes.map(readNode));
    case 'alternatives':
      return joinAlternatives(node.nodes.map(readNode));
  }
}

/** Of all that a sequence needs, what tells most: the longest text. */
function joinSequence(pieces: readonly Piece[]): Piece {
  const runs: string[] = [''];
  for (const { character } of pieces) {
    if (character === null) runs.push('');
    else runs.push(`${runs.pop() ?? ''}${character}`);
  }
  const lists = [
    ...runs.filter((run) => run !== '').map((run) => [run]),
    ...pieces.flatMap(({ anyOf }) => (anyOf ? [anyOf] : [])),
  ];
  const anyOf = lists.reduce<readonly string[] | null>(
    (best, list) => (best && shortest(best) >= shortest(list) ? best : list),
    null,
  );
  return { character: null, anyOf, withinLine: pieces.every(({ withinLine }) => withinLine) };
}

function joinAlternatives(sequences: readonly Piece[]): Piece {
  const lists = sequences.flatMap(({ anyOf }) => (anyOf ? [anyOf] : []));
  const all = [...new Set(lists.flat())];
  const isNeeded = lists.length === sequences.length && all.length <= longestList;
  return {
    character: null,
    anyOf: isNeeded ? all : null,
    withinLine: sequences.every(({ withinLine }) => withinLine),
  };
}

function needsOf({ character, anyOf }: Piece): readonly string[] | null {
  return character === null ? anyOf : [character];
}

function shortest(texts: readonly string[]): number {
  return Math.min(...texts.map((text) => text.length));
}
