import type { PackageSource, SourceFinding } from '../domain/package-source.ts';

export interface SourceJudgement {
  /** Why the command can't be run: a package is not there any more. null: all are. */
  readonly refusal: string | null;
  /** What is not as it was, a sentence each. */
  readonly changed: readonly string[];
  /** Those that were compared by size and time alone: one of the two has no digest. */
  readonly bySize: readonly string[];
  /** As they are now: what an approval is for. */
  readonly now: readonly PackageSource[];
}

/**
 * Whether the packages are still there, and the same (B9), by their digests, else by number, size and time of their files. What
 * cannot be compared is not held against them.
 */
export function judgeSources(
  before: readonly PackageSource[],
  found: ReadonlyMap<string, SourceFinding>,
): SourceJudgement {
  const missing = before.find(({ path }) => found.get(path) === 'missing');
  const now = before.flatMap(({ path }) => {
    const finding = found.get(path);
    return typeof finding === 'object' ? [finding] : [];
  });
  const changed = now.flatMap((source) => {
    const was = before.find(({ path }) => path === source.path);
    const difference = was && describeDifference(was, source);
    return difference ? [`${source.path} ${difference}`] : [];
  });
  return {
    refusal: missing ? `${missing.path}, which it distributes, is not there any more` : null,
    changed,
    bySize: now.filter(({ path }) => isBySize(before, now, path)).map(({ path }) => path),
    now,
  };
}

function isBySize(before: readonly PackageSource[], now: readonly PackageSource[], wanted: string): boolean {
  return [before, now].some((list) =>
    list.some(({ path, digest }) => path === wanted && digest === undefined),
  );
}

function describeDifference(was: PackageSource, is: PackageSource): string | null {
  if (was.files !== is.files) return `has ${is.files} files instead of ${was.files}`;
  if (was.bytes !== is.bytes) return `has ${is.bytes} bytes instead of ${was.bytes}`;
  if (was.digest !== undefined && is.digest !== undefined) {
    return was.digest === is.digest ? null : 'has another content of the same size';
  }
  if (was.newest === is.newest) return null;
  const [then, now] = [was.newest, is.newest].map((at) => new Date(at * 1000).toISOString());
  return `was changed at ${now}, it was of ${then}`;
}
