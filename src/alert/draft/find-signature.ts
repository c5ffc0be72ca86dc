import type { Mail } from '../../domain/mail.ts';
import type { AlertFormat, PatternPlace } from '../../domain/policy.ts';
import { cleanText } from '../clean-text.ts';
import { fieldOf } from './field-keys.ts';
import { isHost, keyLinesOf, linesOf } from './mail-facts.ts';
import { commonSenders, failureWord, mailPrograms, successWord } from './words.ts';

type Literal = AlertFormat['literals'][number];

/** What the texts of a tool's mails have in common is its own, if nobody else writes so. */
const toolHeaders = ['x-mailer', 'x-generator', 'x-application', 'user-agent'] as const;
const maxLiterals = 5;
const maxLiteralLength = 80;

/**
 * Finds the tool's own words: they stand in all of the wanted mails, and not all of them in any other. Header, subject and
 * keys together, so that a person who writes `Host: Ana` is not taken for the tool.
 */
export function findSignature(wanted: readonly Mail[], others: readonly Mail[]): readonly Literal[] {
  const [first] = wanted;
  if (!first) return [];
  const common = (literals: readonly Literal[]) =>
    literals.filter((literal) => wanted.every((mail) => stands(literal, mail)));
  const named = common(headerWords(first)).slice(0, 1);
  const chosen = [
    ...named,
    // What a subject says may change when it works again; where the tool is named it is left out.
    ...common(named.length > 0 ? tagOf(first) : subjectWords(first)).slice(0, 1),
    ...common(keyWords(first)).slice(0, named.length > 0 ? 2 : 3),
    ...common(sentences(first)).slice(0, 1),
  ].slice(0, maxLiterals);
  const literals = chosen.length > 0 ? chosen : common(senderOf(first));
  // Without anything in common they are of several tools: the format is for the first one.
  if (literals.length === 0 && wanted.length > 1) return findSignature([first], others);
  const words = common(allWords(first));
  return others.reduce<readonly Literal[]>((known, other) => tellApart(known, other, words), literals);
}

/** Returns whether the tool's words are all in a mail. */
function hasSignature(literals: readonly Literal[], mail: Mail): boolean {
  return literals.every((literal) => stands(literal, mail));
}

function tellApart(known: readonly Literal[], other: Mail, words: readonly Literal[]): readonly Literal[] {
  if (!hasSignature(known, other)) return known;
  const telling = words.find((literal) => !stands(literal, other));
  return telling === undefined ? known : [...known, telling];
}

function stands({ in: place, text }: Literal, mail: Mail): boolean {
  return textIn(mail, place).toLowerCase().includes(text.toLowerCase());
}

function textIn(mail: Mail, place: PatternPlace): string {
  if (place === 'body') return mail.text;
  if (place === 'subject') return mail.subject;
  return (mail.headers.get(place.slice('header:'.length)) ?? []).join('\n');
}

function headerWords(mail: Mail): readonly Literal[] {
  const named = toolHeaders.flatMap((header): Literal[] => {
    const [tool = ''] = /^[A-Za-z][\w-]{2,}/.exec(mail.headers.get(header)?.[0] ?? '') ?? [];
    return tool === '' || mailPrograms.test(tool) ? [] : [{ in: `header:${header}`, text: tool }];
  });
  const local = mail.from?.local ?? '';
  const isTool = /^[A-Za-z][\w.+-]{2,}$/.test(local) && !commonSenders.test(local);
  return isTool ? [...named, { in: 'header:from', text: `${local}@` }] : named;
}

/** `[pkgd]` at the beginning of a subject. */
function tagOf({ subject }: Mail): readonly Literal[] {
  const [text, tag = ''] = /^\s*\[([^\]]+)\]/.exec(subject) ?? [];
  const isTools = /^\p{L}[\p{L} ()_-]{2,}$/u.test(tag) && !failureWord.test(tag) && !successWord.test(tag);
  return text !== undefined && isTools ? [{ in: 'subject', text: text.trim() }] : [];
}

/** Runs of words that are no host, number, package or word of failure or success, the longest first. */
function subjectWords({ subject }: Mail): readonly Literal[] {
  const runs: string[][] = [[]];
  for (const word of (cleanText(subject) ?? '').split(/\s+/)) {
    const bare = word.replace(/^\W+|\W+$/g, '');
    const isVariable =
      /\d|^[([{]/.test(word) || isHost(bare) || failureWord.test(word) || successWord.test(word);
    if (isVariable) runs.push([]);
    else runs.at(-1)?.push(word);
  }
  return runs
    .map((run) => run.join(' ').slice(0, maxLiteralLength))
    .filter((text) => isTelling(text) && subject.includes(text))
    .toSorted((a, b) => b.length - a.length)
    .map((text) => ({ in: 'subject', text }));
}

/** One short word, such as `on`, stands everywhere. */
function isTelling(text: string): boolean {
  return /\p{L}{4}|[^\p{ASCII}]{2}/u.test(text) || text.split(' ').length >= 3;
}

function tells(words: string): boolean {
  return failureWord.test(words) || successWord.test(words);
}

function keyWords(mail: Mail): readonly Literal[] {
  // A word of success has none of the keys that say what fails.
  const lasting = keyLinesOf(mail)
    .filter(({ key }) => fieldOf(key) !== 'announced' && !tells(key))
    .toSorted((a, b) => Number(b.field !== null) - Number(a.field !== null));
  const keys = [...new Set(lasting.map(({ key }) => `${key}:`))];
  return keys.filter((text) => mail.text.includes(text)).map((text) => ({ in: 'body', text }));
}

/** Whole lines of words alone: a tool says them in each of its mails. */
function sentences(mail: Mail): readonly Literal[] {
  return linesOf(mail)
    .map((line) => line.trim())
    .filter((line) => /^\p{Lu}[\p{L} ,'’.-]{12,70}[:.,!]?$/u.test(line) && line.split(' ').length >= 3)
    .filter((line) => !failureWord.test(line) && !successWord.test(line))
    .toSorted((a, b) => b.length - a.length)
    .map((text) => ({ in: 'body', text }));
}

function allWords(mail: Mail): readonly Literal[] {
  const words = (place: 'subject' | 'body', text: string): readonly Literal[] =>
    [...new Set(text.split(/[^\p{L}_-]+/u))]
      .filter((word) => word.length >= 4 && !/^-|-$/.test(word) && !successWord.test(word))
      .map((word) => ({ in: place, text: word }));
  return [...words('subject', mail.subject), ...words('body', linesOf(mail).join('\n')), ...senderOf(mail)];
}

function senderOf({ from }: Mail): readonly Literal[] {
  return from === null ? [] : [{ in: 'header:from', text: from.address }];
}
