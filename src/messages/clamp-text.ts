/** Shortening text to a limit in UTF-16 units, cut between code points, saying how much is missing. */

/** Longer words are cut in two. */
const wordShown = 40;

/** The beginning, then `… (N more)`. */
export function clampText(text: string, max: number): string {
  if (text.length <= max) return text;
  const points = Array.from(text);
  const kept = takePoints(points, max - moreNote(points.length).length);
  return kept.join('') + moreNote(points.length - kept.length);
}

/** `clampText` for mrkdwn: never leaves half an entity or `<…>` token, and closes a code block that was cut. */
export function clampMrkdwn(text: string, max: number): string {
  if (text.length <= max) return text;
  const fence = '\n```';
  const points = Array.from(text);
  const kept = takePoints(points, max - moreNote(points.length).length - fence.length);
  const whole = dropTorn(kept.join(''));
  const closing = whole.split('```').length % 2 === 0 ? fence : '';
  return whole + closing + moreNote(points.length - Array.from(whole).length);
}

/**
 * Beginning and end, with `… (N characters not shown) …` between them: for commands, whose end matters too. Cut between words
 * where there is a blank nearby.
 */
export function clampMiddle(text: string, max: number): string {
  if (text.length <= max) return text;
  const points = Array.from(text);
  const room = max - leftOutNote(points.length).length;
  const head = dropTornWord(takePoints(points, Math.ceil(room * 0.6)));
  const reversed = takePoints(points.toReversed(), room - Math.ceil(room * 0.6));
  const tail = dropTornWord(reversed).toReversed();
  return head.join('') + leftOutNote(points.length - head.length - tail.length) + tail.join('');
}

/** The end, after `(N before) …`: for output, whose last lines tell most. */
export function clampTail(text: string, max: number): string {
  if (text.length <= max) return text;
  const points = Array.from(text);
  const tail = takePoints(points.toReversed(), max - beforeNote(points.length).length).toReversed();
  return beforeNote(points.length - tail.length) + tail.join('');
}

function moreNote(count: number): string {
  return `… (${count} more)`;
}

function leftOutNote(count: number): string {
  return ` … (${count} characters not shown) … `;
}

function beforeNote(count: number): string {
  return `(${count} characters before) …\n`;
}

/** As many code points from the start as fit into `max` UTF-16 units. */
function takePoints(points: readonly string[], max: number): string[] {
  let used = 0;
  const end = points.findIndex((point) => (used += point.length) > max);
  return points.slice(0, end === -1 ? points.length : end);
}

function dropTornWord(points: readonly string[]): readonly string[] {
  const blank = points.lastIndexOf(' ');
  return blank > 0 && points.length - blank <= wordShown ? points.slice(0, blank) : points;
}

function dropTorn(text: string): string {
  const open = text.lastIndexOf('<');
  const whole = open > text.lastIndexOf('>') ? text.slice(0, open) : text;
  return whole.replace(/&[a-z]{0,3}$/, '').replace(/`{1,2}$/, '');
}
