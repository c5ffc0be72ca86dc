/** A text that many patterns are looked for in. */
export interface SearchText {
  readonly text: string;
  readonly lowerCase: string;
  /**
   * As long as the text, with an ASCII letter in lower case wherever a pattern that ignores case may see one; null where
   * that would move what follows.
   */
  readonly folded: string | null;
}

export function toSearchText(text: string): SearchText {
  const lowerCase = text.toLowerCase();
  // Beyond ASCII two characters are letters of it in another case (Unicode's simple case folding): `toLowerCase` makes
  // a k of the Kelvin sign, but leaves the long s.
  const folded = lowerCase.length === text.length ? lowerCase.replaceAll('\u017f', 's') : null;
  return { text, lowerCase, folded };
}
