import { clampText } from './clamp-text.ts';
import { plainLine } from './escape.ts';

/** A name as the text before its last number, that number's digits, and the text after them. */
interface SplitName {
  readonly before: string;
  /** Empty when the name has no number. */
  readonly digits: string;
  readonly after: string;
}

/**
 * Names as people write them: `client-011`, `client-012` … `client-210` is `client-[011-210]`. Zero padding is
 * kept, duplicates are shown once, and a name without a number stands as it is. In order of appearance.
 */
export function foldNames(names: readonly string[]): string {
  const groups = new Map<string, SplitName[]>();
  for (const name of new Set(names)) {
    const split = splitName(name);
    const key = JSON.stringify([split.before, split.after, split.digits === '']);
    const group = groups.get(key);
    if (group) group.push(split);
    else groups.set(key, [split]);
  }
  return [...groups.values()].map(foldGroup).join(', ');
}

/** Names once each, folded, cut to a length; in plain text. */
export function listPlainly(names: readonly string[], max: number): string {
  return clampText(plainLine(foldNames(names)), max);
}

function splitName(name: string): SplitName {
  let end = name.length;
  while (end > 0 && !isDigit(name[end - 1])) end -= 1;
  if (end === 0) return { before: name, digits: '', after: '' };
  let start = end;
  while (start > 0 && isDigit(name[start - 1])) start -= 1;
  return { before: name.slice(0, start), digits: name.slice(start, end), after: name.slice(end) };
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}

function foldGroup(group: readonly SplitName[]): string {
  const { before = '', after = '' } = group[0] ?? {};
  const runs = foldDigits(group.map((name) => name.digits).toSorted(byLengthThenText));
  const numbers = group.length === 1 ? runs.join('') : `[${runs.join(',')}]`;
  return `${before}${numbers}${after}`;
}

function byLengthThenText(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function foldDigits(sorted: readonly string[]): string[] {
  const runs: { first: string; last: string }[] = [];
  for (const digits of sorted) {
    const run = runs.at(-1);
    if (run && digits === nextDigits(run.last)) run.last = digits;
    else runs.push({ first: digits, last: digits });
  }
  return runs.map(({ first, last }) => (first === last ? first : `${first}-${last}`));
}

function nextDigits(digits: string): string {
  return digits === '' ? '' : (BigInt(digits) + 1n).toString().padStart(digits.length, '0');
}
