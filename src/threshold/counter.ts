import type { RuleSelector, ThresholdRule } from '../domain/policy.ts';
import { anyAlert, ruleDimensions } from '../domain/policy.ts';
import type { AlertSubject } from './subject.ts';

type CountingRule = RuleSelector & Pick<ThresholdRule, 'over'>;

/** What alerts add to that no rule fits: their device, and no ticket ever comes of it. */
export const withoutRule: CountingRule = {
  ...anyAlert,
  over: 'device',
};

/**
 * What an alert adds to: failure, scope and subject in one string, such as `connection|server:int-38`;
 * `connection|network` counts over everything. What else the rule is for stands with the failure, as in
 * `connection(package=geo-db)|device:int-58`: so all that is added up falls under one rule, whatever the order in
 * which it comes. An alert that does not say its server (building, region) counts for its device, so that strangers
 * are never added up.
 */
export function counterOf(rule: CountingRule, subject: AlertSubject): string {
  const limits = ruleDimensions
    .filter((dimension) => dimension !== 'failure' && dimension !== rule.over && rule[dimension] !== null)
    .map((dimension) => `${dimension}=${rule[dimension]?.replaceAll('|', '/')}`);
  const limited = limits.length > 0 ? `(${limits.join(', ')})` : '';
  return `${subject.failure}${limited}|${scopedSubject(rule, subject)}`.toLowerCase();
}

/** The subject in a counter: `int-38` in `connection|server:int-38`, `network` in `connection|network`. */
export function subjectOf(counter: string): string {
  const scoped = scopedOf(counter);
  return scoped.slice(scoped.indexOf(':') + 1);
}

/** `server` in `connection|server:int-38`. */
export function scopeOf(counter: string): string {
  return scopedOf(counter).replace(/:.*$/s, '');
}

function scopedOf(counter: string): string {
  return counter.slice(counter.indexOf('|') + 1);
}

function scopedSubject({ over }: CountingRule, subject: AlertSubject): string {
  if (over === 'network') return 'network';
  const name = subject[over];
  return name === null ? `device:${subject.device}` : `${over}:${name}`;
}
