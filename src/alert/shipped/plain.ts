import type { AlertFormat } from '../../domain/policy.ts';
import { address } from './patterns.ts';

/**
 * `Key: value` lines, whatever their case and spacing. Each `Alert-Id:` or, without one, each `Device:` starts an
 * alert; lines before the first one hold for all.
 */
export const plainFormat: AlertFormat = {
  name: 'plain',
  literals: [{ in: 'body', text: 'device' }],
  // A device alone also stands in mail about disks: something must say what failed.
  match: [
    { in: 'body', pattern: line('device', '\\S') },
    { in: 'body', pattern: line('(?:alert[ _-]?id|failure|package|job|server)', '\\S') },
  ],
  // An alert id stands in the same paragraph as its device: blank lines separate alerts.
  each: '(?i)^[ \\t]*(?:alert[ _-]?id[ \\t]*:.*\\n(?:.*\\S.*\\n)*?[ \\t]*)?device[ \\t]*:',
  only: null,
  extract: [
    { in: 'body', pattern: line('alert[ _-]?id', '(?<alertId>.+)') },
    { in: 'body', pattern: line('region', '(?<region>.+)') },
    { in: 'body', pattern: line('device', '(?<device>\\S+)') },
    { in: 'body', pattern: line('address', `(?<address>${address})`) },
    { in: 'body', pattern: line('ip', `(?<address>${address})`) },
    { in: 'body', pattern: line('mac', `(?<address>${address})`) },
    { in: 'body', pattern: line('recipient', '(?<recipient>\\S+)') },
    { in: 'body', pattern: line('domain', '(?<domain>\\S+)') },
    { in: 'body', pattern: line('package', '(?<package>.+)') },
    { in: 'body', pattern: line('failure', '(?<announced>.+)') },
    { in: 'body', pattern: line('server', '(?<distributionServer>\\S+)') },
    { in: 'body', pattern: line('job', '(?<job>.+)') },
    { in: 'body', pattern: line('attempt', '(?<attempt>\\d+)') },
    { in: 'body', pattern: line('building', '(?<building>.+)') },
    { in: 'body', pattern: line('room', '(?<room>.+)') },
    { in: 'body', pattern: line('at', '(?<at>.+)') },
  ],
  failures: [],
  ignore: [],
  recovers: [],
};

function line(key: string, value: string): string {
  return `(?i)^[ \\t]*${key}[ \\t]*:[ \\t]*${value}`;
}
