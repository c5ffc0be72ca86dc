import { type Level, levels } from '../domain/level.ts';
import type { RuleSelector, Scope, ThresholdRule } from '../domain/policy.ts';
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
 * which it comes. An alert that does not say its server (building, region, package, job) counts for its device, so that
 * strangers are never added up.
 */
export function counterOf(rule: CountingRule, subject: AlertSubject): string {
  const { over } = rule;
  const name = nameIn(over, subject);
  const limits = ruleDimensions
    .filter((dimension) => dimension !== 'failure' && dimension !== over && rule[dimension] !== null)
    .map((dimension) => `${dimension}=${rule[dimension]?.replaceAll('|', '/')}`);
  if (name === null) limits.push(`over=${over}`);
  const limited = limits.length > 0 ? `(${limits.join(', ')})` : '';
  return `${subject.failure}${limited}|${scopedSubject(over, name, subject)}`.toLowerCase();
}

/** The subject in a counter: `int-38` in `connection|server:int-38`, `network` in `connection|network`. */
export function subjectOf(counter: string): string {
  const scoped = scopedOf(counter);
  return scoped.slice(scoped.indexOf(':') + 1);
}

/** `server` in `connection|server:int-38`; a value of `scopes`. */
export function scopeOf(counter: string): string {
  return scopedOf(counter).replace(/:.*$/s, '');
}

/** What kind of explanation a counter's ticket is. */
export function levelOf(counter: string): Level {
  if (!/^root-cause[(|]/.test(counter)) return levels.find((level) => level === scopeOf(counter)) ?? 'device';
  return /^root-cause\(.*?, package=/.test(counter) ? 'root-of-package' : 'root';
}

/** Whether an explanation comes before another one. */
export function isStronger(level: Level, than: Level): boolean {
  return levels.indexOf(level) < levels.indexOf(than);
}

/** Whether tickets of this counter are about a device, which can be pinged and is somewhere. */
export function isAboutDevice(counter: string): boolean {
  return !isStronger(levelOf(counter), 'root');
}

function scopedOf(counter: string): string {
  return counter.slice(counter.indexOf('|') + 1);
}

function scopedSubject(over: Scope, name: string | null, { device }: AlertSubject): string {
  if (over === 'network') return 'network';
  return name === null ? `device:${device}` : `${over}:${name}`;
}

/** What an alert belongs to in a scope; `null` if it does not say. */
export function nameIn(scope: Scope, subject: AlertSubject): string | null {
  return scope === 'network' ? 'network' : subject[scope];
}
