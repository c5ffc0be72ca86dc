import type { Mail } from '../domain/mail.ts';
import type { PatternPlace } from '../domain/policy.ts';
import { cleanText } from './clean-text.ts';
import { type CompiledFormat, type FieldName, textIn } from './formats.ts';

/** What a format's patterns found for one alert, each value cleaned. */
export type Fields = Partial<Record<FieldName, string>>;

const announcedLength = 500;

/**
 * Finds the fields of every alert in a mail. Where the format splits the body, each block is one alert, and what
 * stands before the first block, in the subject and in the headers serves all that do not say it themselves.
 */
export function readFields(format: CompiledFormat, mail: Mail): Fields[] {
  const [head, ...blocks] = splitBody(format, mail.text);
  const shared = fillFields(format, (place) => (place === 'body' ? head : textIn(mail, place)));
  if (blocks.length === 0) return [shared];
  return blocks.map((block) => {
    const own = fillFields(format, (place) => (place === 'body' ? block : ''));
    return Object.assign({}, shared, own);
  });
}

/** The text before the first block, then the blocks; the whole text alone when it has none. */
function splitBody(format: CompiledFormat, text: string): [string, ...string[]] {
  const starts: number[] = [];
  const matcher = format.each?.matcher(text);
  while (matcher?.find()) starts.push(matcher.start());
  const blocks = starts.map((start, index) => text.slice(start, starts[index + 1]));
  return [text.slice(0, starts[0]), ...blocks];
}

/** The first match that has a group fills it. */
function fillFields(format: CompiledFormat, text: (place: PatternPlace) => string): Fields {
  const fields: Fields = {};
  for (const { in: place, pattern, fields: names } of format.extract) {
    const matcher = pattern.matcher(text(place));
    while (names.some((name) => fields[name] === undefined) && matcher.find()) {
      for (const name of names) {
        const value = cleanText(matcher.group(name), name === 'announced' ? announcedLength : undefined);
        if (value !== null) fields[name] ??= value;
      }
    }
  }
  return fields;
}
