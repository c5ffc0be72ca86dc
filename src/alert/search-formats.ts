import { type CompiledFormat, formatApplies, occursIn, readTexts, type SearchedMail } from './formats.ts';
import { countBeyondLines } from './long-lines.ts';
import { type Fields, readFields } from './read-fields.ts';

/** Text beyond this is not read, so that no mail can hold up the others; the format gate says how much was left out. */
const maxTextLength = 262_144;
/** A mail with more alerts than this goes to a person. */
export const maxAlerts = 1_000;

/** What a format's patterns found in a mail: plain data, which may come from another thread. */
export type Findings =
  | { readonly kind: 'unknown-format' }
  | { readonly kind: 'ignored'; readonly format: string; readonly reason: string }
  | {
      readonly kind: 'alerts' | 'recoveries';
      readonly format: string;
      /** Of alerts at most one more than a mail may have. */
      readonly found: readonly Fields[];
      readonly unreadCharacters: number;
    };

/**
 * Searches a mail by the first format that knows it (A6). This is the costly part of reading: each pattern may take 1 µs a
 * character.
 */
export function searchFormats(whole: SearchedMail, formats: readonly CompiledFormat[]): Findings {
  const { subject, headers } = whole;
  const text = whole.text.slice(0, maxTextLength);
  const texts = readTexts({ subject, headers, text });
  const format = formats.find((each) => formatApplies(each, texts));
  if (format === undefined) return { kind: 'unknown-format' };
  const { name } = format;
  const recovers = format.recovers.some((place) => occursIn(texts, place));
  const ignored = recovers ? undefined : format.ignore.find((place) => occursIn(texts, place));
  if (ignored !== undefined) return { kind: 'ignored', format: name, reason: ignored.reason };
  const found = readFields(format, texts, recovers ? maxAlerts : maxAlerts + 1);
  const unreadCharacters = whole.text.length - text.length + countBeyondLines(text);
  return { kind: recovers ? 'recoveries' : 'alerts', format: name, found, unreadCharacters };
}
