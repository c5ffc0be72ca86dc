import type { Scope, ThresholdRule } from '../domain/policy.ts';

/** Failures that no package causes: the device was not reached, or refused the delivery. */
const beforeThePackage: ReadonlySet<string> = new Set(['connection', 'access']);

/**
 * Returns whether a package or job can be the cause of this failure: of failed packages, and of failure types that the
 * rule names itself, never of connection or access failures. Every other scope adds up whatever its rule is for.
 */
export function canCause(scope: Scope, failure: string, rule: Pick<ThresholdRule, 'failure'>): boolean {
  if (scope !== 'package' && scope !== 'job') return true;
  if (beforeThePackage.has(failure)) return false;
  return failure === 'package' || rule.failure !== null;
}

/**
 * What a server can cause at the devices behind it: `crowd`, connection and access failures of many devices;
 * `shared-package`, other failures where one package or job fails at several of them; `null`: nothing.
 */
export function serverCauses(failure: string, named: string | null): 'crowd' | 'shared-package' | null {
  if (beforeThePackage.has(failure)) return 'crowd';
  return named === null ? null : 'shared-package';
}
