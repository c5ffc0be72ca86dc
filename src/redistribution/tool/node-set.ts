/** More names than this are in no list that anybody wrote. */
const mostNames = 200_000;

/**
 * The names that a folded list stands for, as pdsh(1) and clush(1) read it: `int-[07,12-14].eu,kiosk-1`. null: it says
 * it by other means (a group, a file, an expression), or is too large.
 */
export function expandNodeSet(list: string): string[] | null {
  const names: string[] = [];
  for (const part of splitOutsideBrackets(list)) {
    const expanded = expandPart(part);
    if (expanded === null || names.length + expanded.length > mostNames) return null;
    names.push(...expanded);
  }
  return [...new Set(names)];
}

/** The names as a short list: those that differ in their last number alone are one entry. `expandNodeSet` gives them again. */
export function foldNodeSet(names: readonly string[]): string {
  const groups = new Map<string, { prefix: string; suffix: string; digits: string[] }>();
  const plain: string[] = [];
  for (const name of new Set(names)) {
    const [, prefix = '', digits = '', suffix = ''] = /^(.*?)(\d+)([^\d]*)$/.exec(name) ?? [];
    if (digits === '' || digits.length > 9) {
      plain.push(name);
      continue;
    }
    const group = groups.get(keyOf(prefix, suffix, digits)) ?? { prefix, suffix, digits: [] };
    group.digits.push(digits);
    groups.set(keyOf(prefix, suffix, digits), group);
  }
  const folded = [...groups.values()].map(({ prefix, suffix, digits }) =>
    digits.length === 1 ? `${prefix}${digits[0]}${suffix}` : `${prefix}[${foldNumbers(digits)}]${suffix}`,
  );
  return [...folded, ...plain].join(',');
}

/** Numbers with leading zeros are of one width each; those without differ in nothing but their value. */
function keyOf(prefix: string, suffix: string, digits: string): string {
  const width = digits.length > 1 && digits.startsWith('0') ? digits.length : 0;
  return JSON.stringify([prefix, suffix, width]);
}

function foldNumbers(digits: readonly string[]): string {
  const sorted = digits.toSorted((a, b) => Number(a) - Number(b));
  const ranges: { first: string; last: string }[] = [];
  for (const number of sorted) {
    const open = ranges.at(-1);
    if (open && Number(number) === Number(open.last) + 1) open.last = number;
    else ranges.push({ first: number, last: number });
  }
  return ranges.map(({ first, last }) => (first === last ? first : `${first}-${last}`)).join(',');
}

/** The parts of a list between commas; those in brackets belong to a part. */
export function splitOutsideBrackets(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= list.length; at++) {
    const character = list[at];
    if (character === '[') depth++;
    else if (character === ']') depth--;
    else if (character === undefined || (character === ',' && depth === 0)) {
      parts.push(list.slice(start, at));
      start = at + 1;
    }
  }
  return parts.filter((part) => part !== '');
}

function expandPart(part: string): string[] | null {
  const [, prefix = '', ranges, suffix = ''] = /^([^[\]]*)\[([^[\]]*)\](.*)$/.exec(part) ?? [];
  if (ranges === undefined) return /^[\w.-]+$/.test(part) && !part.startsWith('-') ? [part] : null;
  if (!/^[\w.-]*$/.test(prefix) || prefix.startsWith('-')) return null;
  const numbers = expandRanges(ranges);
  const rests = suffix.includes('[') ? expandPart(suffix) : /^[\w.-]*$/.test(suffix) ? [suffix] : null;
  if (numbers === null || rests === null || numbers.length * rests.length > mostNames) return null;
  return numbers.flatMap((number) => rests.map((rest) => `${prefix}${number}${rest}`));
}

/** `07,12-14,20-30/2` */
function expandRanges(text: string): string[] | null {
  const numbers: string[] = [];
  for (const range of text.split(',')) {
    const [, first, last = first, step = '1'] =
      /^(\d{1,9})(?:-(\d{1,9})(?:\/([1-9]\d{0,5}))?)?$/.exec(range) ?? [];
    if (first === undefined || last === undefined || Number(last) < Number(first)) return null;
    if ((Number(last) - Number(first)) / Number(step) > mostNames) return null;
    const width = first.startsWith('0') ? first.length : 0;
    for (let number = Number(first); number <= Number(last); number += Number(step)) {
      numbers.push(String(number).padStart(width, '0'));
    }
  }
  return numbers;
}
