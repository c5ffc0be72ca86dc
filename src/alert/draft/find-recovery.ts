import type { Mail } from '../../domain/mail.ts';
import type { AlertFormat } from '../../domain/policy.ts';
import { compile } from '../pattern.ts';
import { toSearchText } from '../search-text.ts';
import { statusKey } from './field-keys.ts';
import { isHost, keyLinesOf, linesOf } from './mail-facts.ts';
import {
  certainSuccessWords,
  escapePattern,
  failureWord,
  negation,
  successWord,
  successWords,
} from './words.ts';

type Place = AlertFormat['recovers'][number];

/** Returns whether a mail announces that something works: its subject, or else its status, says so. */
export function saysSuccess(mail: Mail): boolean {
  const said = [mail.subject, ...statusOf(mail).map(({ value }) => value)];
  const telling = said.find((text) => failureWord.test(text) || successWord.test(text)) ?? '';
  return successWord.test(telling) && !failureWord.test(telling);
}

/**
 * Finds by what a tool says that something works again: a word of success in the place where its word of failure stands, as
 * `Connection succeeded` beside `Connection failed`.
 */
export function findRecovery(mails: readonly Mail[]): readonly Place[] {
  const failing = mails.filter((mail) => !saysSuccess(mail));
  const places = mails.flatMap((mail): Place[] => {
    const word = saysSuccess(mail) ? successWord : failureWord;
    const status = statusOf(mail).map(
      ({ key }): Place => ({
        in: 'body',
        pattern: `(?i)^[ \\t]*${escapePattern(key)}[ \\t]*:[ \\t]*${successWords}(?:[^\\pL\\pN-]|$)`,
      }),
    );
    const bySubject = inPlaceOf(word, mail.subject, 'subject');
    const byOwnWord = afterOwnWord(mail.subject);
    const inBody = linesOf(mail).find((line) => word.test(line));
    const byBody = inBody === undefined || bySubject !== null ? null : inPlaceOf(word, inBody, 'body');
    return [...[bySubject, byOwnWord, byBody].filter((place) => place !== null), ...status];
  });
  const distinct = [...new Map(places.map((place) => [`${place.in} ${place.pattern}`, place])).values()];
  return distinct.filter((place) => !failing.some((mail) => occurs(place, mail)));
}

function statusOf(mail: Mail) {
  return keyLinesOf(mail).filter(({ key }) => statusKey.test(key));
}

/** A word of success after the word that stands before the word found, or at the beginning of the text. */
function inPlaceOf(word: RegExp, text: string, place: 'subject' | 'body'): Place | null {
  const found = word.exec(text);
  if (found === null) return null;
  const before = /(?:[\p{L}\p{N}_.-]+[^\p{L}\p{N}\s]*|[^\p{L}\p{N}\s]+)\s*$/u.exec(
    text.slice(0, found.index),
  );
  return successAfter(anchorOf(before?.[0] ?? ''), place);
}

/** Returns what success stands behind: a word of the tool, a sign that changes with the state, or any name. */
function anchorOf(before: string): string {
  if (before === '') return '^\\s*';
  if (/^[^\p{L}\p{N}\s]*\p{So}/u.test(before)) return '[^\\pL\\pN\\s]+\\s*';
  // A name that may be another one in the next mail is no anchor.
  const isName = /\d/.test(before) || isHost(before.trim());
  return isName ? '\\s' : escapePattern(before).replace(/\s+/g, '\\s+');
}

/** Returns a word of success behind another word of the subject: `Déploiement réussi sur` beside `Échec du déploiement sur`. */
function afterOwnWord(subject: string): Place | null {
  const own = subject
    .split(/\s+/)
    .map((word) => word.toLowerCase())
    .filter((word) => /^\p{L}{3,}$/u.test(word) && !negation.test(word))
    .filter((word) => !failureWord.test(word) && !successWord.test(word));
  const words = [...new Set(own)].slice(0, 10).map(escapePattern);
  if (words.length === 0 || !failureWord.test(subject)) return null;
  return successAfter(`(?:^|[^\\pL])(?:${words.join('|')})\\s+`, 'subject', certainSuccessWords);
}

function successAfter(anchor: string, place: 'subject' | 'body', words = successWords): Place {
  return { in: place, pattern: `(?i)${anchor}${words}(?:[^\\pL\\pN-]|$)` };
}

/** In linear work, as the format itself will search. */
function occurs({ in: place, pattern }: Place, mail: Mail): boolean {
  return compile(pattern).occursIn(toSearchText(place === 'subject' ? mail.subject : mail.text));
}
