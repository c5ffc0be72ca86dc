import type { ThresholdRule } from '../../domain/policy.ts';
import type { Tx } from '../../domain/store/store.ts';
import { mergeRules, type RuleInForce } from '../../threshold/rules-in-force.ts';
import type { InspectionDeps } from '../deps.ts';

interface Known {
  readonly config: readonly ThresholdRule[];
  readonly version: number;
  readonly inForce: readonly RuleInForce[];
}

const known = new WeakMap<InspectionDeps['store'], Known>();

/**
 * The thresholds that hold now, with where each comes from. Read in the transaction that counts, so that a change is
 * in effect for the next alert in every bot; only a number is read while there was none.
 */
export async function readRulesInForce(
  { store, policies }: Pick<InspectionDeps, 'store' | 'policies'>,
  tx: Tx,
): Promise<readonly RuleInForce[]> {
  const version = await tx.thresholdVersion();
  const config = policies.thresholds;
  const before = known.get(store);
  if (before?.version === version && before.config === config) return before.inForce;
  const inForce = mergeRules(config, version === 0 ? [] : await tx.thresholdOverrides());
  known.set(store, { config, version, inForce });
  return inForce;
}

export async function readRules(
  deps: Pick<InspectionDeps, 'store' | 'policies'>,
  tx: Tx,
): Promise<readonly ThresholdRule[]> {
  return (await readRulesInForce(deps, tx)).map(({ rule }) => rule);
}
