/** Control, format (bidi, zero width) and line-separator characters, and lone surrogates. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text from outside as one line for a terminal: nothing in it can move the cursor, colour or hide anything. */
export function escapeForTerminal(untrusted: string): string {
  return untrusted.replaceAll(invisible, (character) => {
    if (character === '\t') return ' ';
    const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `⟨U+${hex}⟩`;
  });
}

/** As `escapeForTerminal`, with its line breaks kept. */
export function escapeLinesForTerminal(untrusted: string): string {
  return untrusted
    .split(/\r\n?|\n/)
    .map(escapeForTerminal)
    .join('\n');
}
