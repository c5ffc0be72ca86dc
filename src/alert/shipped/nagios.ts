import type { AlertFormat } from '../../domain/policy.ts';
import { address } from './patterns.ts';

const fullName = '[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)+';

/**
 * Notifications of Nagios 4. `Host:` may be an alias in free words: then the node is known by its `Address:`. A service
 * that watches a package says so by its name.
 */
export const nagiosFormat: AlertFormat = {
  name: 'nagios',
  literals: [
    { in: 'body', text: 'Notification Type:' },
    { in: 'body', text: 'Host:' },
  ],
  match: [
    { in: 'body', pattern: '^Notification Type: [A-Z]+' },
    { in: 'body', pattern: '^State: (?:DOWN|UNREACHABLE|CRITICAL|WARNING|UNKNOWN|UP|OK)' },
  ],
  each: null,
  only: null,
  extract: [
    { in: 'body', pattern: `^Host: (?<device>${fullName})$` },
    { in: 'body', pattern: '^Address: (?<device>[0-9A-Za-z.:-]+)' },
    { in: 'body', pattern: '^Host: (?<device>\\S+)$' },
    { in: 'body', pattern: `^Address: (?<address>${address})$` },
    { in: 'body', pattern: '^Service: Package (?<package>\\S+)' },
    { in: 'body', pattern: '^Service: (?<service>\\S.*)' },
    // A host's own check has no name: its recovery says nothing about the host's services.
    { in: 'body', pattern: '^(?<service>Host): ' },
    { in: 'body', pattern: '^(?:Additional )?Info:\\s*(?<announced>\\S.*)' },
    { in: 'subject', pattern: '(?<announced>\\S.*)' },
  ],
  failures: [],
  ignore: [
    {
      in: 'body',
      pattern: '^Notification Type: (?:ACKNOWLEDGEMENT|DOWNTIME|FLAPPING|CUSTOM)',
      reason: 'notice',
    },
  ],
  recovers: [{ in: 'body', pattern: '^Notification Type: RECOVERY\\b' }],
};
