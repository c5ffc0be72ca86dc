import { compile } from '../pattern.ts';
import type { FailurePattern } from '../../domain/policy.ts';
import { type CompiledFailure, builtInFailures } from '../failures.ts';

/** The failure types of JSON alerts (A8): the site's own, then the built-in ones. */
export function compileJsonFailures(siteFailures: readonly FailurePattern[]): CompiledFailure[] {
  return [...siteFailures, ...builtInFailures].map(({ type, pattern }) => ({
    type,
    pattern: compile(pattern, { ignoreCase: true }),
  }));
}
