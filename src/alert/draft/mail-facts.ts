import type { Mail } from '../../domain/mail.ts';
import type { FieldName } from '../formats.ts';
import { fieldOf, statusKey } from './field-keys.ts';
import { hostName, packageFile } from '../shipped/patterns.ts';

/** What a mail says as `Key: value`, and which field that may be. */
export interface KeyLine {
  readonly key: string;
  readonly value: string;
  readonly field: FieldName | null;
}

const maxLines = 200;
const maxLineLength = 500;
/** A key has no digit: `started at 13:02` is no key. */
const keyLine = /^[ \t]*(\p{L}[\p{L}_ /-]{0,30}?)[ \t]*:[ \t]*(\S.*)$/u;

/** Values of one word; the others take the rest of their line. */
export const valuePatterns: Partial<Record<FieldName, string>> = {
  device: hostName,
  distributionServer: hostName,
  package: '\\S+',
  attempt: '\\d+',
};

/** A short name with a number, a full name, or an address: in free text nothing else can be told from a word. */
const hostLike =
  /^(?:\d{1,3}(?:\.\d{1,3}){3}|[a-z][a-z0-9-]*\d(?:\.[a-z0-9-]+)*|[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+\.[a-z]{2,})$/i;
const noHost =
  /^(?:utf-?\d+|iso-.*|sha-?\d+|md5|ipv?[46]|http\d|x86.*|amd64|arm\d+|python\d.*|rc\d+|sd[a-z]\d*|eth\d+|v\d+)$/i;
const packageLike = new RegExp(packageFile);

/** Returns the mail with as much of its subject as of any line: a search in it may take the square of its length. */
export function withShortSubject(mail: Mail): Mail {
  return { ...mail, subject: mail.subject.slice(0, maxLineLength) };
}

/** Returns the lines that are looked at. */
export function linesOf({ text }: Mail): readonly string[] {
  return text.split('\n', maxLines).map((line) => line.slice(0, maxLineLength));
}

/** Returns the lines `Key: value`; of each field the first whose value fits it. */
export function keyLinesOf(mail: Mail): readonly KeyLine[] {
  const seen = new Set<FieldName>();
  const lines = linesOf(mail).flatMap((line) => {
    const [, key, value] = keyLine.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [{ key, value }];
  });
  const isExplained = lines.some(({ key }) => fieldOf(key) === 'announced' && !statusKey.test(key));
  return lines.map(({ key, value }): KeyLine => {
    const field = isExplained && statusKey.test(key) ? null : fieldOf(key);
    if (field === null || seen.has(field) || !isValueOf(field, value)) return { key, value, field: null };
    seen.add(field);
    return { key, value, field };
  });
}

function isValueOf(field: FieldName, value: string): boolean {
  if (field === 'device') return deviceIn(value) !== null;
  const pattern = valuePatterns[field];
  return pattern === undefined || new RegExp(`^${pattern}\\s*$`).test(value);
}

/**
 * Returns the device that a key's value names: alone, or with more behind it where it can only be a host, as in
 * `int-58 (10.58.0.1)`; `null` if there is none.
 */
export function deviceIn(value: string): string | null {
  const [, word = '', rest = ''] = deviceValue.exec(value) ?? [];
  return word !== '' && (rest.trim() === '' || isCertainHost(word)) ? word : null;
}

const deviceValue = new RegExp(`^["']?(${hostName})["']?(?:[ \\t,;](.*))?$`);

/** Returns whether the word of a device's key can only be a host, where it need not stand alone. */
export function isCertainHost(word: string): boolean {
  return isHost(word) || (/^[a-z][\w.-]*\d[\w.-]*$/i.test(word) && !packageLike.test(word));
}

/** Returns whether a word can only be a host's name or address. */
export function isHost(word: string): boolean {
  return hostLike.test(word) && !noHost.test(word) && !packageLike.test(word);
}

/** Returns the short names of the machines that sent the mail: they report, and need not be what fails. */
export function reportersOf({ from, headers }: Mail): ReadonlySet<string> {
  const received = headers.get('received') ?? [];
  const hosts = received.map((line) => /^by (\S+) \(Postfix, from userid/.exec(line)?.[1]);
  const [, origin] = /@([^>\s]+)>?\s*$/.exec(headers.get('message-id')?.[0] ?? '') ?? [];
  return new Set(
    [from?.domain, origin, ...hosts].flatMap((host) => (host === undefined ? [] : [shorten(host)])),
  );
}

/** Returns a host's name up to the first dot, in lower case; an address as it is. */
export function shorten(host: string): string {
  return /^\d+\./.test(host) ? host : host.toLowerCase().replace(/\..*$/, '');
}
