import type { AlertFields } from '../domain/alert.ts';
import type { ThresholdRule } from '../domain/policy.ts';

type Counted = Pick<AlertFields, 'failure' | 'device' | 'region' | 'distributionServer'>;

/**
 * What an alert adds to: failure, scope and subject in one string, such as `connection|server:int-38`;
 * `connection|network` counts over everything. An alert that names no server (or region) counts for its
 * device, so that strangers are never added up.
 */
export function counterOf(rule: Pick<ThresholdRule, 'over'>, alert: Counted): string {
  return `${alert.failure}|${scopedSubject(rule, alert)}`.toLowerCase();
}

/** The subject in a counter: `int-38` in `connection|server:int-38`, `network` in `connection|network`. */
export function subjectOf(counter: string): string {
  const scoped = counter.slice(counter.indexOf('|') + 1);
  return scoped.slice(scoped.indexOf(':') + 1);
}

function scopedSubject(rule: Pick<ThresholdRule, 'over'>, alert: Counted): string {
  switch (rule.over) {
    case 'network':
      return 'network';
    case 'server':
      if (alert.distributionServer !== null) return `server:${alert.distributionServer}`;
      break;
    case 'region':
      if (alert.region !== null) return `region:${alert.region}`;
      break;
    case 'device':
      break;
  }
  return `device:${alert.device}`;
}
