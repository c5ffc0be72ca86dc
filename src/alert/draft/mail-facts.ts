import type { Mail } from '../../domain/mail.ts';
import type { FieldName } from '../formats.ts';
import { hostName, packageFile } from '../shipped/patterns.ts';

/** What a mail says as `Key: value`, and which field that may be. */
export interface KeyLine {
  readonly key: string;
  readonly value: string;
  readonly field: FieldName | null;
}

const maxLines = 200;
const maxLineLength = 500;
const keyLine = /^[ \t]*([A-Za-z][\w /-]{0,30}?)[ \t]*:[ \t]*(\S.*)$/;

/** The words by which tools call the fields, the most telling first. */
const fieldsByKey: readonly (readonly [field: FieldName, key: RegExp])[] = [
  ['alertId', /^(?:alert|event|incident)[ _-]?(?:id|no|number)$/i],
  ['distributionServer', /^(?:distribution[ _-]?server|master|source|upstream|sent by|reporter)$/i],
  ['device', /^(?:device|host(?: ?name)?|node|client|machine|target|server|computer|recipient)$/i],
  ['package', /^(?:package|pkg|file(?: ?name)?|artifact|bundle|image|software)$/i],
  [
    'announced',
    /^(?:error|failure|reason|cause|message|problem|fault|exception|description|status|result|details?)$/i,
  ],
  ['job', /^(?:job(?: ?id)?|task|playbook|batch|run|deployment|distribution|campaign)$/i],
  ['region', /^(?:region|area|zone)$/i],
  ['building', /^building$/i],
  ['room', /^room$/i],
  ['attempt', /^(?:attempt|try|retry)$/i],
  ['at', /^(?:at|time|date|timestamp|when|occurred)$/i],
];

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

/** Returns the lines that are looked at. */
export function linesOf({ text }: Mail): readonly string[] {
  return text.split('\n', maxLines).map((line) => line.slice(0, maxLineLength));
}

/** Returns the lines `Key: value`; of each field the first whose value fits it. */
export function keyLinesOf(mail: Mail): readonly KeyLine[] {
  const seen = new Set<FieldName>();
  return linesOf(mail).flatMap((line): KeyLine[] => {
    const [, key, value] = keyLine.exec(line) ?? [];
    if (key === undefined || value === undefined) return [];
    const field = fieldsByKey.find(([, pattern]) => pattern.test(key))?.[0] ?? null;
    if (field === null || seen.has(field) || !isValueOf(field, value)) return [{ key, value, field: null }];
    seen.add(field);
    return [{ key, value, field }];
  });
}

function isValueOf(field: FieldName, value: string): boolean {
  const pattern = valuePatterns[field];
  return pattern === undefined || new RegExp(`^${pattern}\\s*$`).test(value);
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
