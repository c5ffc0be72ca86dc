/** Marks that turn the direction of text around: a mail could hide with them what it says. */
const directionMarks = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const controlCharacters = /[\p{Cc}\u2028\u2029\ufeff]+/gu;
/** True of most texts: nothing need be looked for. */
const printable = /^[ -~]*$/;
const halfCharacterAtEnd = /[\ud800-\udbff]$/;

/** One line of safe text: no control characters, trimmed, at most `maxLength` UTF-16 units; null when nothing is left. */
export function cleanText(text: string | null | undefined, maxLength = 300): string | null {
  if (text === null || text === undefined) return null;
  const safe = printable.test(text) ? text : text.replace(directionMarks, '').replace(controlCharacters, ' ');
  const line = safe.trim();
  return line.slice(0, maxLength).replace(halfCharacterAtEnd, '').trimEnd() || null;
}
