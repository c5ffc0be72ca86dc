import { type SearchText, toSearchText } from './search-text.ts';

/**
 * Longest line in which fields are looked for, in UTF-16 units: of a longer one its beginning. Mail that keeps to RFC 5322
 * section 2.1.1 has no line over 998; Ansible's results, which are JSON in one line, are longer.
 */
const longestLine = 16_384;

/** Returns the text with its long lines cut; the text itself if it has none. */
export function cutLines(searched: SearchText): SearchText {
  const { text } = searched;
  const kept: string[] = [];
  let from = 0;
  for (const { start, end } of longLines(text)) {
    kept.push(text.slice(from, start + longestLine));
    from = end;
  }
  return kept.length === 0 ? searched : toSearchText(kept.join('') + text.slice(from));
}

/** Returns how many UTF-16 units of a text stand beyond the bound on a line. */
export function countBeyondLines(text: string): number {
  let count = 0;
  for (const { start, end } of longLines(text)) count += end - start - longestLine;
  return count;
}

function* longLines(text: string): Generator<{ readonly start: number; readonly end: number }> {
  for (let start = 0; start + longestLine < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    if (end - start > longestLine) yield { start, end };
    start = end + 1;
  }
}
