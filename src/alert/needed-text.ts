import { RE2JS } from 're2js';

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

type Token = Partial<
  Record<'character' | 'escaped' | 'set' | 'nothing' | 'open' | 'close' | 'or' | 'repeat', string>
>;

/** The syntax that is understood here; flags but `i`, classes in classes, `\A`, `\z`, `\p`, `\x` and `\Q` are not. */
const syntax = new RegExp(
  [
    /(?<character>[\w !"#%&',/:;<=>@`~-])/,
    /\\(?<escaped>[!-/:-@[-`{-~])/,
    /(?<set>\.|\\[dDsSwWtnrfv]|\[\^?\]?(?:\\[^pPQ]|[^\]\\[])*\]|[^ -~])/,
    /(?<nothing>[\^$]|\\[bB])/,
    /(?<open>\((?:\?:|\?P?<\w+>|\?-?i:|(?!\?)))/,
    /(?<close>\))/,
    /(?<or>\|)/,
    /(?<repeat>(?:[*+?]|\{\d+(?:,\d*)?\})\??)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'uy',
);
/** Lists of texts that are longer cost more than they save. */
const longestList = 40;

/**
 * Finds out what every match of a valid pattern needs (RE2 syntax in multi-line mode, whatever its case): where it can't
 * be there, nobody need look for the pattern. null: nothing is needed, or something in the pattern is not understood.
 */
export function findNeeds(pattern: string): Needs | null {
  const tokens = splitTokens(pattern);
  if (tokens === null) return null;
  const piece = readAlternatives(tokens);
  // A closing parenthesis too many, or repeats of repeats.
  if (piece === null || tokens.length > 0) return null;
  return piece.anyOf === null ? null : { anyOf: piece.anyOf, withinLine: piece.withinLine };
}

/** The tokens of a pattern in reverse: the next one is the last. */
function splitTokens(pattern: string): Token[] | null {
  // Letters are compared in lower case: it makes no difference where this flag holds.
  const source = pattern.replace(/^\(\?i\)/, '');
  const tokens: Token[] = [];
  syntax.lastIndex = 0;
  while (syntax.lastIndex < source.length) {
    const groups = syntax.exec(source)?.groups;
    if (groups === undefined) return null;
    tokens.push(groups);
  }
  return tokens.toReversed();
}

/** Up to the parenthesis that closes the group, or the end. */
function readAlternatives(tokens: Token[]): Piece | null {
  const sequences: (Piece | null)[] = [readSequence(tokens)];
  while (tokens.at(-1)?.or !== undefined) {
    tokens.pop();
    sequences.push(readSequence(tokens));
  }
  const known = sequences.filter((one) => one !== null);
  return known.length === sequences.length ? joinAlternatives(known) : null;
}

function readSequence(tokens: Token[]): Piece | null {
  const pieces: Piece[] = [];
  for (
    let next = tokens.at(-1);
    next && next.or === undefined && next.close === undefined;
    next = tokens.at(-1)
  ) {
    const piece = readPiece(tokens);
    if (piece === null) return null;
    pieces.push(piece);
  }
  return joinSequence(pieces);
}

/** A character, a class, an assertion or a group, with how often it is repeated. */
function readPiece(tokens: Token[]): Piece | null {
  const piece = readSinglePiece(tokens);
  const repeat = tokens.at(-1)?.repeat;
  if (piece === null || repeat === undefined) return piece;
  tokens.pop();
  return { ...piece, character: null, anyOf: /^(?:[*?]|\{0)/.test(repeat) ? null : needsOf(piece) };
}

function readSinglePiece(tokens: Token[]): Piece | null {
  const { character, escaped, set, nothing, open } = tokens.pop() ?? {};
  const itself = character ?? escaped;
  if (itself !== undefined) return { character: itself.toLowerCase(), anyOf: null, withinLine: true };
  if (nothing !== undefined) return { character: null, anyOf: null, withinLine: true };
  if (set !== undefined) return { character: null, anyOf: null, withinLine: !RE2JS.matches(set, '\n') };
  if (open === undefined) return null;
  const inside = readAlternatives(tokens);
  return tokens.pop()?.close === undefined ? null : inside;
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
