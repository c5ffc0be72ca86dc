/**
 * Text from outside (mail, logs, hosts, people) as Slack's mrkdwn, where `<!channel>` would ring everybody
 * and a bidi override would show a name that is not there.
 * Slack: https://docs.slack.dev/messaging/formatting-message-text#escaping
 */

/** Control, format (bidi, zero width), line-separator characters and lone surrogates: nobody sees them, so name them. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/** Colours and cursor moves that programs print for terminals. */
// oxlint-disable-next-line no-control-regex
const terminalSequence = /\u001b\[[0-9;?]*[A-Za-z]/g;

/** One line: markup can't ring or link, line breaks become `⏎`, invisible characters are named (`⟨U+202E⟩`). */
export function escapeText(untrusted: string): string {
  return escapeEntities(nameInvisible(untrusted.replaceAll(/\r\n?|\n/g, ' ⏎ ').replaceAll('\t', ' ')));
}

/** One line for where Slack reads no markup, such as a table's cell; nothing in it looks like markup either. */
export function plainLine(untrusted: string): string {
  return exactLine(untrusted).replaceAll('<', '‹').replaceAll('>', '›');
}

/** One line for plain text in which nobody looks for markup, such as a file: whatever can be seen stands as it is. */
export function exactLine(untrusted: string): string {
  const line = nameInvisible(untrusted.replaceAll(/\r\n?|\n/g, ' ⏎ ').replaceAll('\t', ' '));
  return line.trim() || '–';
}

/** Like `escapeText`, with its line breaks kept. */
export function escapeLines(untrusted: string): string {
  return lines(untrusted)
    .map((line) => escapeText(line))
    .join('\n');
}

/** A name in code type; a backtick in it becomes `ˋ`, so that it can't end the span. */
export function codeSpan(untrusted: string): string {
  const text = escapeText(untrusted).replaceAll('`', 'ˋ').trim();
  return text === '' ? '–' : `\`${text}\``;
}

/** Lines in code type; backticks become `ˋ`, so that nothing in it can end the block. */
export function codeBlock(untrusted: string): string {
  const text = lines(untrusted.replaceAll(terminalSequence, ''))
    .map((line) => escapeEntities(nameInvisible(line.replaceAll('\t', '  '))))
    .join('\n')
    .replaceAll('`', 'ˋ');
  return `\`\`\`\n${text}\n\`\`\``;
}

function lines(text: string): string[] {
  return text.split(/\r\n?|\n/);
}

function nameInvisible(text: string): string {
  return text.replaceAll(invisible, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `⟨U+${hex}⟩`;
  });
}

function escapeEntities(text: string): string {
  return text.replaceAll(/[&<>]/g, (character) => entities[character] ?? character);
}
