import type { RuleDimension, RuleSelector, ThresholdRule } from '../domain/policy.ts';
import { ruleDimensions } from '../domain/policy.ts';
import type { AlertSubject } from './subject.ts';

/** The most specific thing that the rule is for; a stable word for logs and metrics. */
export type RuleReason = `${RuleDimension}-rule` | 'general-rule';

export interface SelectedRule {
  readonly rule: ThresholdRule;
  readonly reason: RuleReason;
  /** The other rules that fit, the next best first. */
  readonly beaten: readonly ThresholdRule[];
}

/**
 * The rule that applies to an alert (A9): the most specific one that fits. One order holds over all dimensions:
 * device, group, building, server, region, package, failure. A rule that names an earlier one of them beats every
 * rule that does not; where both name it (or neither does), the next one decides. Of a device's groups the one that
 * the inventory names first wins. So no two rules with different selectors ever tie; equal selectors are a fault of
 * the config. null: no rule fits.
 */
export function selectRule(rules: readonly ThresholdRule[], subject: AlertSubject): SelectedRule | null {
  const [best, ...beaten] = rules
    .filter((rule) => fits(rule, subject))
    .toSorted((a, b) => compareSpecificity(a, b, subject));
  return best === undefined ? null : { rule: best, reason: reasonOf(best), beaten };
}

/** Two rules with the same key are for the same alerts. */
export function selectorKey(selector: RuleSelector): string {
  return JSON.stringify(ruleDimensions.map((dimension) => selector[dimension]?.toLowerCase() ?? null));
}

/** `device int-38, failure access`; `every alert` for a rule without limits. */
export function describeSelector(selector: RuleSelector): string {
  const parts = ruleDimensions
    .filter((dimension) => selector[dimension] !== null)
    .map((dimension) => `${dimension} ${selector[dimension]}`);
  return parts.join(', ') || 'every alert';
}

function fits(rule: ThresholdRule, subject: AlertSubject): boolean {
  return ruleDimensions.every((dimension) => {
    const wanted = rule[dimension];
    return wanted === null || valuesOf(subject, dimension).some((value) => isSame(value, wanted));
  });
}

function valuesOf(subject: AlertSubject, dimension: RuleDimension): readonly string[] {
  if (dimension === 'group') return subject.groups;
  const value = subject[dimension];
  return value === null ? [] : [value];
}

function compareSpecificity(a: ThresholdRule, b: ThresholdRule, subject: AlertSubject): number {
  for (const dimension of ruleDimensions) {
    const difference = rankOf(a, dimension, subject) - rankOf(b, dimension, subject);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The lower the more specific; a rule that does not name the dimension comes after all that do. */
function rankOf(rule: ThresholdRule, dimension: RuleDimension, subject: AlertSubject): number {
  const named = rule[dimension];
  const values = valuesOf(subject, dimension);
  return named === null ? values.length : values.findIndex((value) => isSame(value, named));
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function reasonOf(rule: RuleSelector): RuleReason {
  const first = ruleDimensions.find((dimension) => rule[dimension] !== null);
  return first === undefined ? 'general-rule' : `${first}-rule`;
}
