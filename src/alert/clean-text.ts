/** Marks that turn the direction of text around: a mail could hide with them what it says. */
const directionMarks = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const controlCharacters = /[\p{Cc}\u2028\u2029\ufeff]+/gu;
/** True of most texts: nothing need be looked for. */
const printable = /^[ -~]*$/;
/** V8 copies what is shorter anyway. */
const shortestCut = 13;
const halfCharacterAtEnd = /[\ud800-\udbff]$/;

/** One line of safe text: no control characters, trimmed, at most `maxLength` UTF-16 units; null when nothing is left. */
export function cleanText(text: string | null | undefined, maxLength = 300): string | null {
  if (text === null || text === undefined) return null;
  if (printable.test(text)) return copy(text.trim().slice(0, maxLength).trimEnd()) || null;
  const safe = text.replace(directionMarks, '').replace(controlCharacters, ' ');
  const line = safe.trim();
  return line.slice(0, maxLength).replace(halfCharacterAtEnd, '').trimEnd() || null;
}

/** Of ASCII, the same text by itself: one that was cut out of a mail keeps the whole mail in memory. */
function copy(text: string): string {
  return text.length < shortestCut ? text : Buffer.from(text, 'latin1').toString('latin1');
}
