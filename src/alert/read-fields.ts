import { cleanText } from './clean-text.ts';
import { expandNodes } from './expand-nodes.ts';
import type { CompiledFormat, FieldName, MailTexts } from './formats.ts';
import { cutLines } from './long-lines.ts';
import { toSearchText, type SearchText } from './search-text.ts';

/** What a format's patterns found for one alert, each value cleaned. */
export type Fields = Partial<Record<FieldName, string>>;

const announcedLength = 500;
/** A line that names all nodes of a site, in UTF-16 units. */
const longestNodeList = 65_536;
/** Lists of devices repeat a block's text for each: what goes beyond this is left out. */
const maxJoinedLength = 1_048_576;

const nothing = toSearchText('');

interface Block {
  /** Named by the pattern that splits the mail. */
  readonly device: string | null;
  readonly text: string;
}

/**
 * Finds the fields of every alert in a mail, of at most `maxBlocks`. Where the format splits the body, each block is one
 * alert, and what stands before the first block, in the subject and in the headers serves all that do not say it
 * themselves.
 */
export function readFields(format: CompiledFormat, texts: MailTexts, maxBlocks: number): Fields[] {
  const body = texts('body');
  const { head, blocks } = splitBody(format, body, maxBlocks);
  const before = head === body.text ? body : toSearchText(head);
  const shownBefore = cutLines(before);
  const shared = fillFields(format, (place) => (place === 'body' ? shownBefore : texts(place)));
  if (blocks.length === 0) return [shared];
  return joinByDevice(blocks).flatMap(({ device, text }) => {
    const block = text === body.text ? body : toSearchText(text);
    if (format.only?.occursIn(block) === false) return [];
    const shown = cutLines(block);
    const own = fillFields(format, (place) => (place === 'body' ? shown : nothing));
    return [Object.assign({}, shared, own, device === null ? {} : { device })];
  });
}

/** The text before the first block, then the blocks; the whole text is the head when it has none. */
function splitBody(
  format: CompiledFormat,
  body: SearchText,
  maxBlocks: number,
): { head: string; blocks: Block[] } {
  const { text } = body;
  const starts: { readonly at: number; readonly device: string | null }[] = [];
  const matcher = format.each?.pattern.matcher(body);
  while (starts.length < maxBlocks && matcher?.find()) {
    const device =
      format.each?.byDevice === true ? cleanText(matcher.group('device'), longestNodeList) : null;
    starts.push({ at: matcher.start(), device });
  }
  const blocks = starts.map(({ at, device }, index) => ({
    device,
    text: text.slice(at, starts[index + 1]?.at),
  }));
  return { head: text.slice(0, starts[0]?.at), blocks };
}

/**
 * Tools that work on many devices at once mix their lines, and name several devices with commas or folded. Blocks
 * without a device of their own stay apart.
 */
function joinByDevice(blocks: readonly Block[]): Block[] {
  const joined = new Map<string, Block>();
  let length = 0;
  for (const [index, { device, text }] of blocks.entries()) {
    for (const name of device === null ? [null] : expandNodes(device.toLowerCase())) {
      length += text.length;
      if (length > maxJoinedLength) return [...joined.values()];
      const key = name ?? `#${index}`;
      joined.set(key, { device: name, text: `${joined.get(key)?.text ?? ''}${text}` });
    }
  }
  return [...joined.values()];
}

/** The first match that has a group fills it. */
function fillFields(format: CompiledFormat, texts: MailTexts): Fields {
  const fields: Fields = {};
  for (const { in: place, pattern, fields: names } of format.extract) {
    const searched = place === 'announced' ? toSearchText(fields.announced ?? '') : texts(place);
    if (searched.text === '' || !hasOpen(fields, names)) continue;
    const matcher = pattern.matcher(searched);
    while (hasOpen(fields, names) && matcher.find()) {
      for (const name of names) {
        const value = readValue(matcher.group(name), name);
        if (value !== null) fields[name] ??= value;
      }
    }
  }
  return fields;
}

const jsonEscape = /\\(?:u([0-9a-f]{4})|(["/]))/gi;

/** Programs that print JSON escape in it what is not ASCII. */
function readValue(found: string | null, name: FieldName): string | null {
  const text = found?.includes('\\')
    ? found.replace(jsonEscape, (_all, hex: string | undefined, sign: string | undefined) =>
        hex === undefined ? (sign ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
      )
    : found;
  return cleanText(text, name === 'announced' ? announcedLength : undefined);
}

function hasOpen(fields: Fields, names: readonly FieldName[]): boolean {
  for (const name of names) if (fields[name] === undefined) return true;
  return false;
}
