import type { AlertFormat } from '../../domain/policy.ts';
import { hostName } from './patterns.ts';

const subjectStart = `unattended-upgrades result for`;

/**
 * Mail of unattended-upgrades. The node upgrades itself. The subject's result counts, the body's first line may
 * contradict it; the log also quotes earlier runs, so that this run's failed download comes before any line of dpkg.
 */
export const unattendedUpgradesFormat: AlertFormat = {
  name: 'unattended-upgrades',
  literals: [{ in: 'subject', text: subjectStart }],
  match: [{ in: 'subject', pattern: `${subjectStart} '?${hostName}'?:` }],
  each: null,
  only: null,
  extract: [
    { in: 'subject', pattern: `(?<job>unattended-upgrades) result for '?(?<device>${hostName})` },
    { in: 'subject', pattern: `${subjectStart} '?(?<distributionServer>${hostName})` },
    { in: 'body', pattern: '^(?<announced>The URI \\S*/(?<package>[^/\\s]+) failed to download.*)' },
    { in: 'body', pattern: '^(?<announced>dpkg: error processing \\S+ (?:\\S*/)?(?<package>[^/\\s]+).*)' },
    { in: 'body', pattern: '^Packages that attempted to upgrade:\\s+(?<package>\\S+)' },
    { in: 'body', pattern: '^(?<announced>(?:E:|error message:) *\\S.*)' },
    { in: 'body', pattern: '^Unattended upgrade result: (?<announced>.+)' },
  ],
  failures: [],
  ignore: [{ in: 'subject', pattern: ': SUCCESS$', reason: 'success' }],
  recovers: [],
};
