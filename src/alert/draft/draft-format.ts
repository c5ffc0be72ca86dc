import type { Mail } from '../../domain/mail.ts';
import type { AlertFormat } from '../../domain/policy.ts';
import { announcedText, hostName, packageFile } from '../shipped/patterns.ts';
import { findDevice } from './find-device.ts';
import { findRecovery } from './find-recovery.ts';
import { findSignature } from './find-signature.ts';
import { statusKey } from './field-keys.ts';
import { type KeyLine, keyLinesOf, linesOf, valuePatterns, withShortSubject } from './mail-facts.ts';
import {
  commonSenders,
  escapePattern,
  failureWord,
  mailPrograms,
  shortFailureWord,
  successWord,
} from './words.ts';

type Extract = AlertFormat['extract'][number];

export interface DraftContext {
  /** Mails that the format must not take. */
  readonly others: readonly Mail[];
  readonly isKnownDevice: (host: string) => boolean;
  /** Names of formats that exist. */
  readonly taken: readonly string[];
}

const alone: DraftContext = { others: [], isKnownDevice: () => false, taken: [] };
const packageLike = new RegExp(packageFile);

/**
 * Proposes a format for mails of one kind that none knows (A6): bound to the tool's own words, from their `Key: value` lines,
 * host names, package files and error words. It compiles, and accepts each of them that names a host and says that something
 * fails; a person has to look at it.
 */
export function draftFormat(mails: readonly Mail[], context = alone): AlertFormat {
  return draftOf(mails.map(withShortSubject), {
    ...context,
    others: context.others.map(withShortSubject),
  });
}

function draftOf(mails: readonly Mail[], context: DraftContext): AlertFormat {
  const keys = commonKeys(mails).filter(({ field }) => field !== 'device');
  const has = (name: KeyLine['field']) => keys.some(({ field }) => field === name);
  const isTold = keys.some(({ field, key }) => field === 'announced' && !statusKey.test(key));
  const hasErrorLines = mails.every((mail) => errorLinesOf(mail).length > 0);
  const told = isTold || !hasErrorLines ? keys : keys.filter(({ field }) => field !== 'announced');
  const extract: readonly Extract[] = [
    ...told.map(extractKey),
    ...findDevice(mails, context.isKnownDevice),
    { in: 'header:from', pattern: `@(?<device>${hostName})` },
    ...(told.some(({ field }) => field === 'announced') ? [] : findError(mails)),
    { in: 'subject', pattern: announcedText },
    ...(has('package') ? [] : findPackage(mails)),
  ];
  return {
    name: nameFor(mails, context.taken),
    literals: findSignature(mails, context.others),
    match: [],
    each: null,
    only: null,
    extract,
    failures: [],
    ignore: [],
    recovers: findRecovery(mails),
  };
}

/** Keys that all mails have. */
function commonKeys([first, ...others]: readonly Mail[]): readonly KeyLine[] {
  if (!first) return [];
  const alike = (one: KeyLine) => (other: KeyLine) => other.field === one.field && other.key === one.key;
  return keyLinesOf(first).filter(
    (one) => one.field !== null && others.every((mail) => keyLinesOf(mail).some(alike(one))),
  );
}

function extractKey({ key, field }: KeyLine): Extract {
  const value = (field === null ? undefined : valuePatterns[field]) ?? '.+';
  return { in: 'body', pattern: `(?i)^[ \\t]*${escapePattern(key)}[ \\t]*:[ \\t]*(?<${field}>${value})` };
}

/** By the endings that these mails show: a person has to be able to read the pattern. */
function packagePattern(mails: readonly Mail[]): string {
  const files = mails.flatMap((mail) => packageLike.exec(`${mail.subject}\n${mail.text}`)?.[0] ?? []);
  const endings = files.map((file) => /(?:\.tar)?\.[a-z0-9]+$/.exec(file)?.[0] ?? '');
  const oneOf = [...new Set(endings)].map(escapePattern).join('|');
  return `(?:^|[\\s/"'(=:])\\.?(?<package>[^-.\\s/"'*()=:][^\\s/"'*()=:]*(?:${oneOf}))\\b`;
}

/** Words of failure in these mails. */
function wordsIn(mails: readonly Mail[]): string {
  const every = new RegExp(failureWord.source, 'giu');
  const found = mails.flatMap((mail) => linesOf(mail).flatMap((line) => line.match(every) ?? []));
  const words = [...new Set(found.map((word) => word.toLowerCase()))].slice(0, 20);
  return words.map((word) => (shortFailureWord.test(word) ? `\\b${word}\\b` : escapePattern(word))).join('|');
}

function findPackage(mails: readonly Mail[]): readonly Extract[] {
  const inSubject = mails.some(({ subject }) => packageLike.test(subject));
  const inBody = mails.some((mail) => linesOf(mail).some((line) => packageLike.test(line)));
  if (!inSubject && !inBody) return [];
  const pattern = packagePattern(mails);
  return [
    { in: 'announced', pattern },
    ...(inSubject ? [{ in: 'subject', pattern } as const] : []),
    ...(inBody ? [{ in: 'body', pattern } as const] : []),
  ];
}

/** `Notification Type: PROBLEM`: the subject says more. */
const stateLine = /^[ \t]*\p{L}[^:]{0,30}:[ \t]*\S+[ \t]*$/u;

/** Lines that say what fails, beside a status. */
function errorLinesOf(mail: Mail): readonly string[] {
  const status = keyLinesOf(mail).filter(({ key }) => statusKey.test(key));
  return linesOf(mail)
    .filter((line) => failureWord.test(line))
    .filter((line) => !status.some(({ key }) => line.trim().startsWith(key)));
}

function findError(mails: readonly Mail[]): readonly Extract[] {
  const says = mails.some((mail) => {
    const first = linesOf(mail).find((line) => failureWord.test(line));
    return first !== undefined && !(stateLine.test(first) && failureWord.test(mail.subject));
  });
  // A line that ends with a colon only introduces what fails.
  const rest = '(?:[^:{\\n]|.*[^:{\\s])?[ \\t]*$';
  return says ? [{ in: 'body', pattern: `^\\s*(?<announced>(?:\\S.*)?(?i:${wordsIn(mails)})${rest})` }] : [];
}

/** By the tool: its header, its tag in the subject, its sender, or the subject's first word. */
function nameFor([mail]: readonly Mail[], taken: readonly string[]): string {
  const subject = mail?.subject ?? '';
  const sender = mail?.from?.local ?? '';
  const words = [
    mail?.headers.get('x-mailer')?.[0],
    /^\s*\[([^\]@\s\d]+)\]/.exec(subject)?.[1],
    commonSenders.test(sender) ? undefined : sender,
    ...subject.replace(/\[[^\]]*\]/g, ' ').split(/[^A-Za-z-]+/),
  ];
  const name = words
    .filter((word) => !failureWord.test(word ?? '') && !successWord.test(word ?? ''))
    .filter((word) => !mailPrograms.test(word ?? ''))
    .map((word) => /[a-z][a-z0-9-]*[a-z0-9]/.exec((word ?? '').toLowerCase())?.[0] ?? '')
    .find((word) => word.length >= 3);
  const isFree = (candidate: string) => !taken.includes(candidate);
  const short = (name ?? 'site-tool').slice(0, 40);
  const numbered = Array.from({ length: taken.length + 1 }, (_, n) => `${short}-${n + 2}`);
  return [short, ...numbered].find(isFree) ?? short;
}
