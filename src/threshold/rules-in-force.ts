import type { ThresholdRule } from '../domain/policy.ts';
import type { ThresholdOverride } from '../domain/store/thresholds.ts';
import { describeSelector, ruleKey } from './select-rule.ts';

/** A rule that holds now, and where it comes from. */
export interface RuleInForce {
  readonly rule: ThresholdRule;
  /** What somebody set in Slack; null: it is as the config says. */
  readonly override: ThresholdOverride | null;
  /** The rule of the config that it stands in for; null where there is none, or it is that rule. */
  readonly replaces: ThresholdRule | null;
}

/**
 * The rules of the config, those with overrides changed, then the overrides that add a rule. A changed rule keeps its
 * id, so that what was counted under it still belongs to it, and what it competes with.
 */
export function mergeRules(
  config: readonly ThresholdRule[],
  overrides: readonly ThresholdOverride[],
): readonly RuleInForce[] {
  const byKey = new Map(overrides.map((override) => [ruleKey(override.rule), override]));
  const changed = config.map((rule): RuleInForce => {
    const override = byKey.get(ruleKey(rule));
    if (!override) return { rule, override: null, replaces: null };
    const { instead = rule.instead } = override.rule;
    return { rule: { ...override.rule, instead, id: rule.id }, override, replaces: rule };
  });
  const known = new Set(config.map(ruleKey));
  const added = overrides.filter(({ rule }) => !known.has(ruleKey(rule)));
  return [...changed, ...added.map(addRule)];
}

function addRule(override: ThresholdOverride): RuleInForce {
  const id = `set in Slack for ${describeSelector(override.rule)}`;
  return { rule: { ...override.rule, id }, override, replaces: null };
}
