import { ignoreCase, invert, joinRanges, rangeOf, type Ranges } from './ranges.ts';

/** What a pattern is made of. */
export type Node =
  | OneCharacter
  | { readonly kind: 'assertion'; readonly mark: string }
  | { readonly kind: 'sequence'; readonly nodes: readonly Node[] }
  | { readonly kind: 'alternatives'; readonly nodes: readonly Node[] }
  | { readonly kind: 'group'; readonly node: Node }
  | Repeat;

/** One character of a set. */
export interface OneCharacter {
  readonly kind: 'set';
  readonly ranges: Ranges;
  /** The character that is written there, in lower case; null for a set, and for what is not ASCII. */
  readonly character: string | null;
}

export interface Repeat {
  readonly kind: 'repeat';
  readonly node: Node;
  readonly min: number;
  readonly max: number;
  readonly lazy: boolean;
}

type Token = Partial<
  Record<'character' | 'escaped' | 'set' | 'list' | 'assertion' | 'open' | 'close' | 'or' | 'repeat', string>
>;

const token = new RegExp(
  [
    /(?<character>[^\\^$.|?*+()[\]{}])/,
    /\\(?<escaped>[!-/:-@[-`{-~])/,
    /(?<set>\.|\\[dDsSwWtnrfv])/,
    /(?<list>\[\^?\]?(?:\\[^pPQ]|[^\]\\[])*\])/,
    /(?<assertion>[\^$]|\\[bB])/,
    /\((?<open>\?:|\?P?<\w+>|\?-?i:|(?!\?))/,
    /(?<close>\))/,
    /(?<or>\|)/,
    /(?<repeat>(?:[*+?]|\{(?:0|[1-9]\d*)(?:,(?:0|[1-9]\d*)?)?\})\??)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'uy',
);
/** In a list: a set, or a character or a range of them. */
const listItem = /\\([dDsSwW])|(\\?[^])(?:-(\\?[^]))?/gu;
const printable = /^[ -~]$/;

const space = joinRanges([rangeOf('\t', '\n'), rangeOf('\f', '\r'), rangeOf(' ')]);
const word = joinRanges([rangeOf('0', '9'), rangeOf('A', 'Z'), rangeOf('a', 'z'), rangeOf('_')]);
const sets: Readonly<Record<string, Ranges>> = { d: rangeOf('0', '9'), s: space, w: word };
const controls: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v' };

class NotUnderstood extends Error {}

/**
 * Reads a valid pattern in RE2 syntax, multi-line mode. null where it has something that is not understood here: flags
 * but `i`, lists in lists, `\A`, `\z`, `\p`, `\x`, `\Q`, and letters beyond ASCII whose case is to be ignored.
 */
export function parsePattern(source: string, options: { readonly ignoreCase: boolean }): Node | null {
  const written = source.replace(/^\(\?i\)/, '');
  try {
    // In reverse: the next token is the last.
    const tokens = splitTokens(written).toReversed();
    const node = readAlternatives(tokens, options.ignoreCase || written !== source);
    return tokens.length > 0 ? null : node;
  } catch (error) {
    if (error instanceof NotUnderstood) return null;
    throw error;
  }
}

function splitTokens(source: string): Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < source.length) tokens.push(token.exec(source)?.groups ?? refuse());
  return tokens;
}

function refuse(): never {
  throw new NotUnderstood();
}

/** Up to the parenthesis that closes the group, or the end. */
function readAlternatives(tokens: Token[], folds: boolean): Node {
  const nodes = [readSequence(tokens, folds)];
  while (tokens.at(-1)?.or !== undefined) {
    tokens.pop();
    nodes.push(readSequence(tokens, folds));
  }
  return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: 'alternatives', nodes };
}

function readSequence(tokens: Token[], folds: boolean): Node {
  const nodes: Node[] = [];
  for (;;) {
    const next = tokens.at(-1);
    if (next === undefined || next.or !== undefined || next.close !== undefined) break;
    nodes.push(readPiece(tokens, folds));
  }
  return { kind: 'sequence', nodes };
}

/** A character, a set, an assertion or a group, with how often it is repeated. */
function readPiece(tokens: Token[], folds: boolean): Node {
  const node = readSinglePiece(tokens, folds);
  const repeat = tokens.at(-1)?.repeat;
  if (repeat === undefined) return node;
  tokens.pop();
  return { kind: 'repeat', node, ...readCounts(repeat), lazy: /.\?$/.test(repeat) };
}

function readCounts(repeat: string): { min: number; max: number } {
  const [, min, comma, max] = /^\{(\d+)(,?)(\d*)/.exec(repeat) ?? [];
  if (min !== undefined) {
    const least = Number(min);
    return { min: least, max: comma === '' ? least : max === '' ? Number.POSITIVE_INFINITY : Number(max) };
  }
  return { min: repeat.startsWith('+') ? 1 : 0, max: repeat.startsWith('?') ? 1 : Number.POSITIVE_INFINITY };
}

function readSinglePiece(tokens: Token[], folds: boolean): Node {
  const { character, escaped, set, list, assertion, open } = tokens.pop() ?? {};
  const itself = character ?? escaped;
  if (itself !== undefined) return oneOf(fold(rangeOf(itself), folds), itself);
  if (set !== undefined) return oneOf(readSet(set, folds));
  if (list !== undefined) return oneOf(readList(list, folds));
  if (assertion !== undefined) return { kind: 'assertion', mark: assertion };
  if (open === undefined) return refuse();
  const node = readAlternatives(tokens, open === '?i:' || (folds && open !== '?-i:'));
  if (tokens.pop()?.close === undefined) refuse();
  return open.endsWith(':') ? node : { kind: 'group', node };
}

function oneOf(ranges: Ranges, itself = ''): OneCharacter {
  return { kind: 'set', ranges, character: printable.test(itself) ? itself.toLowerCase() : null };
}

function readSet(written: string, folds: boolean): Ranges {
  if (written === '.') return invert(rangeOf('\n'));
  return readNamedSet(written.slice(1), folds) ?? rangeOf(readCharacter(written));
}

function readNamedSet(name: string, folds: boolean): Ranges | null {
  const ranges = sets[name.toLowerCase()];
  if (ranges === undefined) return null;
  return name === name.toLowerCase() ? fold(ranges, folds) : invert(fold(ranges, folds));
}

function readList(written: string, folds: boolean): Ranges {
  const inverted = written.startsWith('[^');
  const items = [...written.slice(inverted ? 2 : 1, -1).matchAll(listItem)];
  const ranges = joinRanges(
    items.map(([, set, first = '', last = first]) =>
      set === undefined
        ? fold(rangeOf(readCharacter(first), readCharacter(last)), folds)
        : (readNamedSet(set, folds) ?? refuse()),
    ),
  );
  return inverted ? invert(ranges) : ranges;
}

function readCharacter(written: string): string {
  if (!written.startsWith('\\')) return written;
  const escaped = written.slice(1);
  return controls[escaped] ?? (/^[!-/:-@[-`{-~]$/.test(escaped) ? escaped : refuse());
}

function fold(ranges: Ranges, folds: boolean): Ranges {
  return folds ? (ignoreCase(ranges) ?? refuse()) : ranges;
}
