import type { PackageSource } from '../../domain/package-source.ts';

const mostSources = 50;

/** What the recorder says of the packages' files; null: it says it in no form that is known. Left out is none. */
export function readSources(value: unknown): readonly PackageSource[] | null {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > mostSources) return null;
  const sources = value.map((item: unknown) => readSource(item));
  return sources.every((source) => source !== null) ? sources : null;
}

function readSource(item: unknown): PackageSource | null {
  if (typeof item !== 'object' || item === null) return null;
  const { path, files, bytes, newest, digest }: Partial<Record<string, unknown>> = { ...item };
  if (typeof path !== 'string' || !path.startsWith('/') || /[\p{Cc}\p{Cs}]/u.test(path)) return null;
  if (!isCount(files) || !isCount(bytes) || !isCount(newest)) return null;
  if (digest === undefined) return { path, files, bytes, newest };
  const isDigest = typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest);
  return isDigest ? { path, files, bytes, newest, digest } : null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
