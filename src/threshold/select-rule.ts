import type { RuleDimension, RuleSelector, ThresholdRule } from '../domain/policy.ts';
import { ruleDimensions, scopes } from '../domain/policy.ts';
import type { AlertSubject } from './subject.ts';

/** The most specific thing that the rule is for; a stable word for logs and metrics. */
export type RuleReason = `${RuleDimension}-rule` | 'general-rule';

export interface SelectedRule {
  readonly rule: ThresholdRule;
  readonly reason: RuleReason;
  /** The rules that fit and that it beats, the next best first. */
  readonly beaten: readonly ThresholdRule[];
}

/**
 * Returns the rules that apply to an alert (A9), in the order of `scopes`: of each scope the most specific one that
 * fits, for each scope counts for itself. A rule with `instead` competes with those of every scope: it applies only if it
 * is the most specific of all that fit, and then alone; what it beats does not apply either.
 */
export function selectRules(rules: readonly ThresholdRule[], subject: AlertSubject): readonly SelectedRule[] {
  const sorted = rules
    .filter((rule) => fits(rule, subject))
    .toSorted((a, b) => compareSpecificity(a, b, subject));
  const at = sorted.findIndex(({ instead }) => instead);
  const [best] = sorted;
  if (at === 0 && best) return [{ rule: best, reason: reasonOf(best), beaten: sorted.slice(1) }];
  const applying = at < 0 ? sorted : sorted.slice(0, at);
  return scopes.flatMap((scope) => {
    const [rule, ...beaten] = applying.filter(({ over }) => over === scope);
    return rule ? [{ rule, reason: reasonOf(rule), beaten }] : [];
  });
}

/** Two rules with the same key are for the same alerts, and count over the same. */
export function ruleKey(rule: RuleSelector & Pick<ThresholdRule, 'over'>): string {
  const selector = ruleDimensions.map((dimension) => rule[dimension]?.toLowerCase() ?? null);
  return JSON.stringify([...selector, rule.over]);
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

/**
 * One order holds over all dimensions: device, group, building, server, region, package, failure. A rule that names an
 * earlier one of them beats every rule that does not; where both name it (or neither does), the next one decides. Of a
 * device's groups the one that the inventory names first wins. So two rules of one scope with different selectors never tie.
 */
function compareSpecificity(a: ThresholdRule, b: ThresholdRule, subject: AlertSubject): number {
  for (const dimension of ruleDimensions) {
    const difference = rankOf(a, dimension, subject) - rankOf(b, dimension, subject);
    if (difference !== 0) return difference;
  }
  return Number(b.instead ?? false) - Number(a.instead ?? false);
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
