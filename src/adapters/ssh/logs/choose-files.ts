import { matchesGlob } from '../../../domain/glob.ts';
import type { Period } from '../../../domain/redistribution.ts';

/** A name in a directory, as the server lists it. */
export interface Listed {
  readonly name: string;
  readonly size: number;
  readonly modifiedAt: Date;
  /** The two before are the link's own. */
  readonly isLink: boolean;
}

export const packings = ['gz', 'xz', 'zst'] as const;
type Packing = (typeof packings)[number];

/** A file of a log, with what its name says. */
export interface LogFile extends Listed {
  readonly packing: Packing | null;
  /** The name that it had before it was rotated and packed. */
  readonly family: string;
  /** What rotation added: `1`, `20261120`; null: it is not rotated. */
  readonly rotation: string | null;
  /** `YYYY-MM-DD`: the date in its own name, on which it was begun, or that of its rotation. */
  readonly date: string | null;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const packed = new RegExp(`\\.(${packings.join('|')})$`);
const rotated = /[.-](\d{1,4}|\d{4}-?\d\d-?\d\d(?:[-.T]?\d{1,10})?)$/;
const dateInName = /(?<!\d)(\d{4})-?(\d\d)-?(\d\d)(?!\d)/;

/** The files of a directory that belong to a log: by the pattern for their names, rotated and packed ones too. */
export function findLogFiles(entries: readonly Listed[], glob: string): readonly LogFile[] {
  const files = entries.flatMap((entry) => nameLogFile(entry, glob) ?? []);
  // While a file is being packed it is there twice.
  const plain = new Set(files.filter(({ packing }) => packing === null).map(keyOf));
  return files.filter((file) => file.packing === null || !plain.has(keyOf(file)));
}

function keyOf({ family, rotation }: LogFile): string {
  return JSON.stringify([family, rotation]);
}

function nameLogFile(entry: Listed, glob: string): LogFile | null {
  const packing = packings.find((one) => one === packed.exec(entry.name)?.[1]) ?? null;
  const plain = packing === null ? entry.name : entry.name.slice(0, -packing.length - 1);
  if (matchesGlob(plain, glob)) {
    return { ...entry, packing, family: plain, rotation: null, date: dateIn(plain) };
  }
  const rotation = rotated.exec(plain)?.[1] ?? null;
  const family = rotation === null ? plain : plain.slice(0, -rotation.length - 1);
  if (rotation === null || !matchesGlob(family, glob)) return null;
  return { ...entry, packing, family, rotation, date: dateIn(rotation) };
}

function dateIn(name: string): string | null {
  const [, year, month, day] = dateInName.exec(name) ?? [];
  return year === undefined || Number(month) > 12 || Number(day) > 31 ? null : `${year}-${month}-${day}`;
}

/**
 * Of a log's files those that can hold lines of the period (B7), oldest first: by the dates in their names, with a day more
 * on both sides for other time zones and for runs that cross midnight; else by when they, and the one before them in
 * the rotation, were last written to.
 */
export function chooseFiles(files: readonly LogFile[], period: Period): readonly LogFile[] {
  const inOrder = files.toSorted(byAge);
  return inOrder.filter((file, index) => {
    if (file.size === 0) return false;
    if (!file.isLink && file.modifiedAt.getTime() < period.from.getTime() - hourMs) return false;
    if (file.date !== null && file.date < dateOf(period.from.getTime() - dayMs)) return false;
    if (file.date !== null && file.rotation === null)
      return file.date <= dateOf(period.until.getTime() - 1 + dayMs);
    const before = inOrder.findLast((one, at) => at < index && one.family === file.family);
    return !before || before.modifiedAt.getTime() <= period.until.getTime() + dayMs;
  });
}

/** Whether something was rotated, packed or cut between two listings, so that what was read in between may lack lines. */
export function isRotated(before: readonly LogFile[], after: readonly LogFile[]): boolean {
  const now = new Map(after.map((file) => [file.name, file]));
  const known = new Set(before.map(({ name }) => name));
  const isChanged = (file: LogFile) => {
    const next = now.get(file.name);
    if (!next || next.size < file.size) return true;
    return file.rotation !== null && (next.size > file.size || +next.modifiedAt !== +file.modifiedAt);
  };
  return before.some(isChanged) || after.some(({ name, rotation }) => rotation !== null && !known.has(name));
}

function byAge(a: LogFile, b: LogFile): number {
  return timeOf(a) - timeOf(b) || numberOf(b) - numberOf(a) || (a.name < b.name ? -1 : 1);
}

function timeOf({ date, rotation, modifiedAt }: LogFile): number {
  return date !== null && rotation === null ? Date.parse(date) : modifiedAt.getTime();
}

function numberOf({ rotation }: LogFile): number {
  return rotation === null || rotation.length > 4 ? 0 : Number(rotation) + 1;
}

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
