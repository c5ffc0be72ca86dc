import { RE2JSException } from 're2js';
import { RestageError } from '../domain/errors.ts';
import type { Mail } from '../domain/mail.ts';
import type { AlertFormat, ExtractPlace, FailurePattern, PatternPlace } from '../domain/policy.ts';
import { type CompiledFailure, builtInFailures } from './failures.ts';
import { compile, type Pattern } from './pattern.ts';
import { type SearchText, toSearchText } from './search-text.ts';

/** The groups that a format's patterns may fill; `failure` names or describes the type where `announced` does not. */
const fieldNames = [
  'alertId',
  'region',
  'device',
  'address',
  'recipient',
  'domain',
  'package',
  'failure',
  'announced',
  'distributionServer',
  'job',
  'service',
  'series',
  'attempt',
  'building',
  'room',
  'at',
] as const;
export type FieldName = (typeof fieldNames)[number];

export interface CompiledPattern<Place = PatternPlace> {
  readonly in: Place;
  readonly pattern: Pattern;
}

interface CompiledExtract extends CompiledPattern<ExtractPlace> {
  /** The groups that the pattern has. */
  readonly fields: readonly FieldName[];
}

interface CompiledSplit {
  readonly pattern: Pattern;
  /** Blocks that name the same device are one alert. */
  readonly byDevice: boolean;
}

/** An alert format, ready to be tried on mail. */
export interface CompiledFormat {
  readonly name: string;
  /** In lower case. */
  readonly literals: AlertFormat['literals'];
  readonly match: readonly CompiledPattern[];
  readonly each: CompiledSplit | null;
  readonly only: Pattern | null;
  readonly extract: readonly CompiledExtract[];
  /** The format's own, the site's, and the built-in ones, in this order. */
  readonly failures: readonly CompiledFailure[];
  readonly ignore: readonly (CompiledPattern & { readonly reason: string })[];
  readonly recovers: readonly CompiledPattern[];
}

/**
 * Compiles the declared formats (A6) and the failure types that the site adds (A8).
 * @throws RestageError `config-invalid`, naming the format and the pattern that is wrong.
 */
export function compileFormats(
  formats: readonly AlertFormat[],
  siteFailures: readonly FailurePattern[] = [],
): CompiledFormat[] {
  const commonFailures = [...siteFailures, ...builtInFailures].map((failure) =>
    compileFailure('failures', failure),
  );
  return formats.map((format) => compileFormat(format, commonFailures));
}

function compileFormat(format: AlertFormat, commonFailures: readonly CompiledFailure[]): CompiledFormat {
  const owner = `format "${format.name}"`;
  const compileIn = <P extends { in: ExtractPlace; pattern: string }>(place: P) => ({
    ...place,
    pattern: compilePattern(owner, place.pattern),
  });
  const extract = format.extract.map((place) => compileExtract(owner, compileIn(place)));
  const each = format.each === null ? null : compileSplit(owner, format.each);
  const findsDevice = each?.byDevice === true || extract.some(({ fields }) => fields.includes('device'));
  // A format that knows mail only to ignore it needs none.
  if (!findsDevice && (extract.length > 0 || format.ignore.length === 0)) {
    throw new RestageError(
      'config-invalid',
      `${owner}: no extract pattern has a group (?<device>…), and an alert needs a device`,
    );
  }
  return {
    name: format.name,
    literals: format.literals.map(({ in: place, text }) => ({ in: place, text: text.toLowerCase() })),
    match: format.match.map(compileIn),
    each,
    only: format.only === null ? null : compilePattern(owner, format.only),
    extract,
    failures: [...format.failures.map((failure) => compileFailure(owner, failure)), ...commonFailures],
    ignore: format.ignore.map(compileIn),
    recovers: format.recovers.map(compileIn),
  };
}

function compileSplit(owner: string, each: string): CompiledSplit {
  const pattern = compilePattern(owner, each);
  const groups = Object.keys(pattern.namedGroups());
  const unknown = groups.find((group) => group !== 'device');
  if (unknown === undefined) return { pattern, byDevice: groups.length > 0 };
  throw new RestageError(
    'config-invalid',
    `${owner}: pattern ${each} has the group "${unknown}"; what splits a mail may only name the device`,
  );
}

function compileExtract(owner: string, compiled: CompiledPattern<ExtractPlace>): CompiledExtract {
  const groups = Object.keys(compiled.pattern.namedGroups());
  const unknown = groups.find((group) => !isFieldName(group));
  if (unknown !== undefined) {
    const known = fieldNames.join(', ');
    throw new RestageError(
      'config-invalid',
      `${owner}: pattern ${compiled.pattern.pattern()} has the group "${unknown}"; an alert's fields are ${known}`,
    );
  }
  return { ...compiled, fields: groups.filter(isFieldName) };
}

function compileFailure(owner: string, { type, pattern }: FailurePattern): CompiledFailure {
  return { type, pattern: compilePattern(owner, pattern, { ignoreCase: true }) };
}

function compilePattern(owner: string, pattern: string, { ignoreCase = false } = {}): Pattern {
  try {
    return compile(pattern, { ignoreCase });
  } catch (error) {
    const cause = error instanceof RE2JSException ? error.message : String(error);
    throw new RestageError(
      'config-invalid',
      `${owner}: pattern ${pattern} is not valid RE2 syntax: ${cause}`,
      { cause: error },
    );
  }
}

function isFieldName(group: string): group is FieldName {
  return fieldNames.some((name) => name === group);
}

/** What patterns look at in a mail. */
export type SearchedMail = Pick<Mail, 'subject' | 'headers' | 'text'>;

/** The texts of a mail that patterns are looked for in. */
export type MailTexts = (place: PatternPlace) => SearchText;

/** Longest header that patterns are looked for in, in UTF-16 units: of a longer one its beginning. */
const longestHeader = 4_096;

/** Each text is prepared for the search once, however many patterns look into it. */
export function readTexts(mail: SearchedMail): MailTexts {
  const known = new Map<PatternPlace, SearchText>();
  return (place) => {
    const text = known.get(place) ?? toSearchText(textIn(mail, place));
    known.set(place, text);
    return text;
  };
}

function textIn(mail: SearchedMail, place: PatternPlace): string {
  if (place === 'body') return mail.text;
  const values =
    place === 'subject' ? [mail.subject] : mail.headers.get(place.slice('header:'.length).toLowerCase());
  return (values ?? []).map((value) => value.slice(0, longestHeader)).join('\n');
}

/** Does the format know this mail? The literals, whatever their case, are tried first: they are much cheaper. */
export function formatApplies(format: CompiledFormat, texts: MailTexts): boolean {
  return (
    format.literals.every(({ in: place, text }) => texts(place).lowerCase.includes(text)) &&
    format.match.every((place) => occursIn(texts, place))
  );
}

export function occursIn(texts: MailTexts, place: CompiledPattern): boolean {
  return place.pattern.occursIn(texts(place.in));
}
