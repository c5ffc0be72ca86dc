import { accessSync, constants, statSync } from 'node:fs';
import ipaddr from 'ipaddr.js';
import { RE2JS } from 're2js';
import { z } from 'zod';
import { parseDuration } from '../domain/duration.ts';

/** What a fault says about a field, carried in the zod issue's `params`. */
export interface FieldRule {
  /** Completes the sentence `<key>: must be …`. */
  readonly must: string;
  /** A value that would do, as written in the file. */
  readonly example: string;
  /** All values that would do, where there are few of them. */
  readonly words?: readonly string[];
  /** What to do about a value that will not do; default: an example. */
  readonly remedy?: string;
}

/** A single value; `read` gives null for what the rule forbids. */
export function field<T>(rule: FieldRule, read: (value: unknown) => T | null) {
  return z.unknown().transform((value, context): T => {
    const result = value === undefined ? null : read(value);
    if (result !== null) return result;
    context.issues.push({
      code: 'custom',
      message: `must be ${rule.must}`,
      params: { ...rule },
      input: value,
    });
    return z.NEVER;
  });
}

/** Text that matches a pattern wholly; without one, any text but the empty one. */
export function text(must: string, example: string, form = /^\s*\S[^]*$/) {
  return field({ must, example }, (value) =>
    typeof value === 'string' && form.test(value) ? value.trim() : null,
  );
}

/** A short name that may stand in commands, file names and variables; in lower case. */
export function name(example: string) {
  const short = text('a short name of letters, digits, dots and dashes', example, /^[a-z0-9][a-z0-9._-]*$/i);
  return short.transform((value) => value.toLowerCase());
}

export function host(example: string) {
  return text("a host's name or address", example, /^[a-z0-9:][a-z0-9:._-]*$/i);
}

export function wholeNumber(limits: { readonly min: number; readonly max?: number }, example: string) {
  const { min, max = Number.MAX_SAFE_INTEGER } = limits;
  const must =
    limits.max === undefined ? `a whole number of at least ${min}` : `a whole number from ${min} to ${max}`;
  return field({ must, example }, (value) =>
    Number.isInteger(value) && Number(value) >= min && Number(value) <= max ? Number(value) : null,
  );
}

export function yesNo(example: 'true' | 'false') {
  return field({ must: 'true or false', example }, (value) => (typeof value === 'boolean' ? value : null));
}

export function oneOf<const T extends string>(words: readonly T[], example: T) {
  const must = words.length === 0 ? 'left out' : `one of ${words.join(', ')}`;
  return field({ must, example, words }, (value) => words.find((word) => word === value) ?? null);
}

/** `30s`, `5m`, `2h`, `1d` → ms. */
export function duration(example: string, limits: { readonly min?: string; readonly max?: string } = {}) {
  const { min = '0s', max = '365d' } = limits;
  const must = `a duration from ${min} to ${max}, a whole number with its unit (ms, s, m, h, d)`;
  return field({ must, example }, (value) => {
    const ms = readDuration(value);
    return ms === null || ms < (readDuration(min) ?? 0) || ms > (readDuration(max) ?? 0) ? null : ms;
  });
}

function readDuration(value: unknown): number | null {
  return typeof value === 'string' ? parseDuration(value) : null;
}

const unitsBytes: Readonly<Record<string, number>> = { B: 1, KB: 1000, MB: 1_000_000 };

/** `5MB` → bytes. */
export function size(example: string) {
  return field({ must: 'a size, a whole number with its unit (B, KB, MB)', example }, (value) => {
    const [, amount, unit = ''] = /^([1-9]\d{0,8})\s*(B|KB|MB)$/i.exec(String(value)) ?? [];
    return amount === undefined ? null : Number(amount) * (unitsBytes[unit.toUpperCase()] ?? 0);
  });
}

/** A regular expression in RE2 syntax. */
export function pattern(example: string) {
  const rule = { must: 'a regular expression in RE2 syntax (no look-around, no back-references)', example };
  return field(rule, (value) =>
    typeof value === 'string' && value !== '' && compiles(value) ? value : null,
  );
}

function compiles(source: string): boolean {
  try {
    RE2JS.compile(source, RE2JS.MULTILINE);
    return true;
  } catch {
    return false;
  }
}

/** An address or a CIDR range. */
export function network(example: string) {
  return field({ must: 'an IP address or a CIDR range', example }, (value) =>
    typeof value === 'string' && isNetwork(value) ? value : null,
  );
}

/** A mail domain, or for address literals an address or CIDR range. International names may be written as they are read. */
export function mailDomain(example: string) {
  return field({ must: 'a domain, an IP address or a CIDR range', example }, (value) => {
    if (typeof value !== 'string') return null;
    if (isNetwork(value)) return value.toLowerCase();
    const domain = toAscii(value);
    return /^(?!.*\/)(?![\d.]+$)[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(domain) ? domain : null;
  });
}

/** A name in which each label that is not ASCII gets the form in which mail carries it (RFC 5890), in lower case. */
export function asciiName(written: ReturnType<typeof text>) {
  return written.transform(toAscii);
}

function toAscii(written: string): string {
  return written.replace(/[^\s@.*/?#:\\]*[^\0-\x7f][^\s@.*/?#:\\]*/g, encodeLabel).toLowerCase();
}

function encodeLabel(label: string): string {
  const url = `http://${label}/`;
  return URL.canParse(url) ? new URL(url).hostname : label;
}

function isNetwork(value: string): boolean {
  return value.includes('/')
    ? ipaddr.isValidCIDR(value)
    : ipaddr.IPv6.isValid(value) || ipaddr.IPv4.isValidFourPartDecimal(value);
}

export function timeZone() {
  return field({ must: 'an IANA time zone', example: 'Europe/Berlin' }, (value) => {
    if (typeof value !== 'string') return null;
    try {
      new Intl.DateTimeFormat('en', { timeZone: value }).format();
      return value;
    } catch {
      return null;
    }
  });
}

/** A Slack channel's name or id; the `#` that people put before it is taken off. */
export function channel(example: string) {
  const channelName = text("a channel's name or id, without spaces", example, /^#?[^\s#]{1,80}$/);
  return channelName.transform((value) => value.replace(/^#/, ''));
}

/** A file that exists and can be read. */
export function readableFile(
  resolvePath: (path: string) => string,
  example: string,
  remedy = 'Create it, or remove the key.',
) {
  return field({ must: 'the path of a file that exists and can be read', example, remedy }, (value) => {
    if (typeof value !== 'string') return null;
    const path = resolvePath(value);
    return isReadableFile(path) ? path : null;
  });
}

function isReadableFile(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** `{ eu: { … } }` → `[{ name: 'eu', … }]`. */
export function nameMembers<T extends object>(
  members: Readonly<Record<string, T>>,
): readonly (T & { name: string })[] {
  return Object.entries(members).map(([key, member]) => Object.assign({ name: key }, member));
}
