import { RE2JS } from 're2js';

/** A package's name taken apart: two with the same `name` are versions of one package. */
export interface PackageVersion {
  /** The whole name without its version: architecture and file type stay in it. */
  readonly name: string;
  readonly version: string;
}

/** Reads package names; null for a name that states no version. */
export type ReadVersion = (packageName: string) => PackageVersion | null;

const plainVersion = String.raw`(?:\d+:)?\d+(?:\.\d+)+[A-Za-z0-9.+~]*?(?:-[A-Za-z0-9.+~]+?)*?`;
const date = String.raw`\d{4}-\d\d-\d\d|\d{8,14}`;
const architecture =
  '(?:[._-](?:all|any|noarch|amd64|x86_64|i[3-6]86|arm64|aarch64|armhf|armv7l|win32|win64))?';
const fileType = String.raw`(?:\.(?:deb|rpm|apk|msi|exe|jar|whl|zip|tgz|txz|img|iso|(?:tar|sql|json)(?:\.(?:gz|bz2|xz|zst|lz4))?))?`;

/**
 * `name-1.2.3` and `name_1.2.3`, also `name-2026-11-20`, with an architecture and a file type after it; and `name=7`. A single
 * number after a dash (`kiosk-7`) may as well be a part of the name: no version is read from it.
 */
export const shippedPackagePatterns: readonly string[] = [
  `^.*?[A-Za-z].*?[-_]v?(?<version>${plainVersion}|${date})${architecture}${fileType}$`,
  String.raw`^[^=]+={1,2}v?(?<version>\d[^=\s]*)$`,
];

/** The first pattern that matches a whole name decides; its group `version` is the version. No patterns: no versions. */
export function compilePackagePatterns(patterns: readonly string[]): ReadVersion {
  const compiled = patterns.map((pattern) => RE2JS.compile(pattern));
  const known = new Map<string, PackageVersion | null>();
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const read = readWith(compiled, name);
    if (known.size < mostRemembered) known.set(name, read);
    return read;
  };
}

const mostRemembered = 10_000;

function readWith(patterns: readonly RE2JS[], name: string): PackageVersion | null {
  for (const pattern of patterns) {
    const matcher = pattern.matcher(name);
    if (!matcher.matches()) continue;
    const version = matcher.group('version');
    if (!version) return null;
    return {
      name: `${name.slice(0, matcher.start('version'))}*${name.slice(matcher.end('version'))}`,
      version,
    };
  }
  return null;
}

/**
 * Which version is newer: below 0 when `a` is older, 0 when they are equal. The rule is Debian's (deb-version(7)): an epoch
 * (`1:`) first; then, between dashes, text and numbers in turn, numbers by their value; `~` comes before everything, even the
 * end. Beyond it `alpha`, `beta`, `dev`, `pre`, `rc` and `snapshot` come before the release they lead to.
 */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [normalize(a), normalize(b)];
  for (let part = 0; part < Math.max(one.length, other.length); part++) {
    const order = comparePart(one[part] ?? '', other[part] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

/** The epoch, and what stands between dashes. */
function normalize(version: string): readonly string[] {
  const early = version
    .toLowerCase()
    .replace(/^v(?=\d)/, '')
    .replaceAll(/[-._~]?(alpha|beta|dev|pre|rc|snapshot)(?![a-z])/g, '~$1');
  const [, epoch = '0', rest = early] = /^(\d+):(.*)$/s.exec(early) ?? [];
  return [epoch, ...rest.split('-')];
}

function comparePart(a: string, b: string): number {
  const [one, other] = [splitRuns(a), splitRuns(b)];
  for (let run = 0; run < Math.max(one.length, other.length); run++) {
    const [x, y] = [one[run] ?? '', other[run] ?? ''];
    const order = run % 2 === 0 ? compareText(x, y) : compareNumbers(x, y);
    if (order !== 0) return order;
  }
  return 0;
}

/** Text, digits, text … : at even places text, which may be empty. */
function splitRuns(part: string): readonly string[] {
  return part.split(/(\d+)/);
}

function compareText(a: string, b: string): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const order = weigh(a[at]) - weigh(b[at]);
    if (order !== 0) return order;
  }
  return 0;
}

/** `~`, then the end, letters, and all else. */
function weigh(character: string | undefined): number {
  if (character === undefined) return 0;
  if (character === '~') return -1;
  const code = character.charCodeAt(0);
  return character >= 'a' && character <= 'z' ? code : code + 65_536;
}

function compareNumbers(a: string, b: string): number {
  const [x, y] = [BigInt(a), BigInt(b)];
  if (x === y) return 0;
  return x < y ? -1 : 1;
}
