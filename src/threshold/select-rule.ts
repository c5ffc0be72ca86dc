import type { AlertFields } from '../domain/alert.ts';
import type { ThresholdRule } from '../domain/policy.ts';

/** The level on which the rule was chosen; a stable word for logs and metrics. */
export type RuleReason = 'device-rule' | 'region-rule' | 'failure-rule' | 'general-rule';

export interface SelectedRule {
  readonly rule: ThresholdRule;
  readonly reason: RuleReason;
}

/**
 * The rule that applies to an alert (A9): the most specific one that fits. A rule for the device beats one for
 * the region, that beats one for the failure alone; on the same level a rule that names the failure wins.
 * null: no rule fits. Between equals (the config allows none) the first wins.
 */
export function selectRule(
  rules: readonly ThresholdRule[],
  alert: Pick<AlertFields, 'failure' | 'device' | 'region'>,
): SelectedRule | null {
  let best: ThresholdRule | null = null;
  for (const rule of rules) {
    if (fits(rule, alert) && (best === null || weigh(rule) > weigh(best))) best = rule;
  }
  return best === null ? null : { rule: best, reason: explain(best) };
}

function fits(rule: ThresholdRule, alert: Pick<AlertFields, 'failure' | 'device' | 'region'>): boolean {
  return (
    accepts(rule.failure, alert.failure) &&
    accepts(rule.device, alert.device) &&
    accepts(rule.region, alert.region)
  );
}

function accepts(wanted: string | null, actual: string | null): boolean {
  return wanted === null || wanted.toLowerCase() === actual?.toLowerCase();
}

function weigh(rule: ThresholdRule): number {
  return (rule.device === null ? 0 : 4) + (rule.region === null ? 0 : 2) + (rule.failure === null ? 0 : 1);
}

function explain(rule: ThresholdRule): RuleReason {
  if (rule.device !== null) return 'device-rule';
  if (rule.region !== null) return 'region-rule';
  return rule.failure === null ? 'general-rule' : 'failure-rule';
}
