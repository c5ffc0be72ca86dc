import { ruleDimensions, type Scope, type ThresholdRule } from '../domain/policy.ts';
import type { CrossFault } from './faults.ts';

const parts: Readonly<Record<Scope, string | null>> = {
  device: null,
  server: 'devices',
  building: 'devices',
  region: 'servers (or devices)',
  network: 'regions (or servers)',
  package: 'servers',
  job: 'servers',
};

/**
 * Names the rules that did something else before each scope counted for itself (A9): those that switched rules of other
 * scopes off, and those over more than a device. A rule that says `instead`, `true` or `false`, is meant so.
 */
export function warnOfChangedThresholds(rules: readonly ThresholdRule[]): readonly CrossFault[] {
  return rules.flatMap((rule, index): CrossFault[] => {
    if (rule.instead !== undefined) return [];
    const beside = rules.filter((other) => switchedOff(rule, other)).map(({ id }) => id);
    const effects = [
      ...(beside.length > 0
        ? [`does not switch ${beside.join(', ')} off: each scope counts for itself`]
        : []),
      ...(parts[rule.over] === null
        ? []
        : [
            `makes a ticket only if 2 or more ${parts[rule.over]} fail, none of which makes more than 80 % of it`,
          ]),
    ];
    if (effects.length === 0) return [];
    const hint = 'Write instead: true for what it did before, instead: false if it is meant so.';
    return [{ path: ['thresholds', index], message: effects.join('; it '), hint }];
  });
}

/** Whether a rule beat one of another scope for some alert. */
function switchedOff(rule: ThresholdRule, other: ThresholdRule): boolean {
  if (rule.over === other.over) return false;
  const first = ruleDimensions.find(
    (dimension) => (rule[dimension] === null) !== (other[dimension] === null),
  );
  return first !== undefined && rule[first] !== null && canBothFit(rule, other);
}

/** A device can be in several groups. */
function canBothFit(rule: ThresholdRule, other: ThresholdRule): boolean {
  return ruleDimensions.every((dimension) => {
    const [a, b] = [rule[dimension], other[dimension]];
    return dimension === 'group' || a === null || b === null || a.toLowerCase() === b.toLowerCase();
  });
}
