import type { ThresholdRule } from '../../src/domain/policy.ts';
import type { AlertSubject } from '../../src/threshold/subject.ts';

/** A rule for every alert, four in half an hour, but for what is given. */
export function rule(only: Partial<ThresholdRule> = {}): ThresholdRule {
  return {
    id: 'thresholds[0]',
    device: null,
    group: null,
    building: null,
    server: null,
    region: null,
    package: null,
    failure: null,
    over: 'device',
    count: 4,
    fraction: null,
    withinMs: 1_800_000,
    ...only,
  };
}

export function subject(only: Partial<AlertSubject> = {}): AlertSubject {
  return {
    failure: 'connection',
    package: 'geo-db',
    job: 'J1',
    device: 'int-58',
    groups: ['kiosk', 'dmz'],
    building: 'B3',
    server: 'int-38',
    region: 'EU',
    upstream: 'int-38',
    ...only,
  };
}
