import type { AlertFields } from '../domain/alert.ts';
import type { ListScope } from '../domain/policy.ts';
import { matchesGlob } from '../domain/glob.ts';

/** What a mail says about one device: the part of an alert that decides whether its sender may say so. */
export type Claim = Pick<AlertFields, 'device' | 'distributionServer' | 'package' | 'job'>;

/** Is the claim about the packages and jobs that an entry is for (A3)? An entry without a scope is for all. */
export function isInScope(entry: string | ListScope, claim: Claim): boolean {
  if (typeof entry === 'string') return true;
  return isCovered(claim.package, entry.packages) && isCovered(claim.job, entry.jobs);
}

function isCovered(name: string | null, patterns: readonly string[]): boolean {
  return patterns.length === 0 || (name !== null && patterns.some((pattern) => matchesGlob(name, pattern)));
}
