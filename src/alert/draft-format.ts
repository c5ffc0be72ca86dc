import type { Mail } from '../domain/mail.ts';
import type { AlertFormat, PatternPlace } from '../domain/policy.ts';
import { cleanText } from './clean-text.ts';
import type { FieldName } from './formats.ts';
import { announcedError, announcedText, hostName, packageFile } from './shipped/patterns.ts';

type Extract = AlertFormat['extract'][number];

/** What a mail says as `Key: value`, and which field that may be. */
interface KeyLine {
  readonly key: string;
  readonly value: string;
  readonly field: FieldName | null;
}

const maxLines = 200;
const maxLineLength = 500;
const keyLine = /^[ \t]*([A-Za-z][\w /-]{0,30}?)[ \t]*:[ \t]*(\S.*)$/;
const errorWord =
  /error|fail|denied|cannot|could not|unable|no space|refused|timed out|unreachable|corrupt|mismatch/i;
const packageLike = new RegExp(packageFile.replaceAll('(?i:', '(?:'));
/** A full name, a short one with a number, or an address: in free text nothing else can be told from a word. */
const hostLike =
  /(?<![\w./@-])(?:\d{1,3}(?:\.\d{1,3}){3}|[a-z][a-z0-9-]*\d(?:\.[a-z0-9-]+)*|[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+\.[a-z]{2,})(?![\w./@-]*[\w/@])/i;

/** The words by which tools call the fields, the most telling first. */
const fieldsByKey: readonly (readonly [field: FieldName, key: RegExp])[] = [
  ['alertId', /^(?:alert|event|incident)[ _-]?(?:id|no|number)$/i],
  ['distributionServer', /^(?:distribution[ _-]?server|master|source|upstream|sent by|reporter)$/i],
  ['device', /^(?:device|host(?: ?name)?|node|client|machine|target|server|computer|recipient)$/i],
  ['package', /^(?:package|pkg|file(?: ?name)?|artifact|bundle|image|software)$/i],
  ['announced', /^(?:error|failure|reason|cause|message|problem|fault|exception|status|result|details?)$/i],
  ['job', /^(?:job(?: ?id)?|task|playbook|batch|run|deployment|distribution|campaign)$/i],
  ['region', /^(?:region|area|zone)$/i],
  ['building', /^building$/i],
  ['room', /^room$/i],
  ['attempt', /^(?:attempt|try|retry)$/i],
  ['at', /^(?:at|time|date|timestamp|when|occurred)$/i],
];

/** Values of one word; the others take the rest of their line. */
const valuePatterns: Partial<Record<FieldName, string>> = {
  device: hostName,
  distributionServer: hostName,
  package: '\\S+',
  attempt: '\\d+',
};

/**
 * Proposes a format for a mail that none knows (A6): from its `Key: value` lines, host names, package files and error
 * words. It compiles, and accepts this mail wherever the mail or its sender names a host; a person has to look at it.
 */
export function draftFormat(mail: Mail): AlertFormat {
  const lines = mail.text.split('\n', maxLines).map((line) => line.slice(0, maxLineLength));
  const keys = findKeys(lines);
  const extract = [
    ...keys.map(extractKey),
    ...(keys.some(({ field }) => field === 'device') ? [] : findHost(mail, lines)),
    { in: 'header:from', pattern: `@(?<device>${hostName})` } as const,
    ...(keys.some(({ field }) => field === 'package') ? [] : findPackage(mail, lines)),
    ...(keys.some(({ field }) => field === 'announced') ? [] : findError(lines)),
    { in: 'subject', pattern: announcedText } as const,
  ];
  return {
    name: 'drafted',
    literals: findLiterals(mail.subject, keys),
    match: [],
    each: null,
    only: null,
    extract,
    failures: [],
    ignore: [],
    recovers: [],
  };
}

function findKeys(lines: readonly string[]): KeyLine[] {
  const seen = new Set<FieldName>();
  return lines.flatMap((line) => {
    const [, key, value] = keyLine.exec(line) ?? [];
    if (key === undefined || value === undefined) return [];
    const field = fieldsByKey.find(([, pattern]) => pattern.test(key))?.[0] ?? null;
    const isUsable = field !== null && !seen.has(field) && isValueOf(field, value);
    if (isUsable) seen.add(field);
    return isUsable ? [{ key, value, field }] : [];
  });
}

function isValueOf(field: FieldName, value: string): boolean {
  const pattern = valuePatterns[field];
  return pattern === undefined || new RegExp(`^${pattern}\\s*$`).test(value);
}

function extractKey({ key, field }: KeyLine): Extract {
  const value = (field === null ? undefined : valuePatterns[field]) ?? '.+';
  return { in: 'body', pattern: `(?i)^[ \\t]*${escape(key)}[ \\t]*:[ \\t]*(?<${field}>${value})` };
}

/** A host in the subject, or in a line that says what failed; known again by the word before it. */
function findHost({ subject }: Mail, lines: readonly string[]): Extract[] {
  const places: readonly (readonly [PatternPlace, string])[] = [
    ['subject', subject.slice(0, maxLineLength)],
    ...lines.filter((line) => errorWord.test(line)).map((line) => ['body', line] as const),
  ];
  return places
    .flatMap(([place, text]) => {
      const found = hostLike.exec(text);
      if (found === null) return [];
      const before = /\S*\s*$/.exec(text.slice(0, found.index))?.[0] ?? '';
      const word = escape(before).replace(/\s+/g, '\\s+');
      const anchor = before === '' ? '^' : `${/^\w/.test(before) ? '\\b' : ''}${word}`;
      return [{ in: place, pattern: `${anchor}(?<device>${hostName})` }];
    })
    .slice(0, 1);
}

function findPackage({ subject }: Mail, lines: readonly string[]): Extract[] {
  const pattern = `(?:^|["'/\\s])\\.?(?<package>${packageFile})\\b`;
  if (packageLike.test(subject)) return [{ in: 'subject', pattern }];
  return lines.some((line) => packageLike.test(line)) ? [{ in: 'body', pattern }] : [];
}

function findError(lines: readonly string[]): Extract[] {
  return lines.some((line) => errorWord.test(line))
    ? [{ in: 'body', pattern: `^\\s*${announcedError}` }]
    : [];
}

/** The keys, else the subject's longest word, which is no name and no number. */
function findLiterals(subject: string, keys: readonly KeyLine[]): AlertFormat['literals'] {
  if (keys.length >= 2) return keys.slice(0, 3).map(({ key }) => ({ in: 'body', text: key }));
  const words = (cleanText(subject) ?? '').split(/[^\p{L}]+/u).filter((word) => word.length >= 3);
  const [longest] = words.toSorted((a, b) => b.length - a.length);
  return longest === undefined ? [] : [{ in: 'subject', text: longest }];
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** The section `formats` with this format after the shipped ones, which a section without them would switch off; YAML 1.2. */
export function renderFormat(format: AlertFormat, shipped: readonly string[]): string {
  const places = (key: 'literals' | 'extract', entries: readonly (readonly [string, string, string])[]) =>
    entries.length === 0
      ? [`    ${key}: []`]
      : [
          `    ${key}:`,
          ...entries.map(([place, name, text]) => `      - { in: ${place}, ${name}: ${quote(text)} }`),
        ];
  return [
    'formats:',
    ...shipped.map((name) => `  - ${name}`),
    `  - name: ${format.name}`,
    ...places(
      'literals',
      format.literals.map(({ in: place, text }) => [quote(place), 'text', text]),
    ),
    '    match: []',
    ...places(
      'extract',
      format.extract.map(({ in: place, pattern }) => [quote(place), 'pattern', pattern]),
    ),
    '',
  ].join('\n');
}

/** Single quotes leave backslashes as they are, but can't hold what is not printed. */
function quote(text: string): string {
  if (/^[a-z]+$/.test(text)) return text;
  if (/^[\p{L}\p{N}\p{P}\p{S} ]*$/u.test(text)) return `'${text.replaceAll("'", "''")}'`;
  const hex = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, hex);
}
