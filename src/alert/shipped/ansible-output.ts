import type { AlertFormat } from '../../domain/policy.ts';
import { announcedIn } from './ansible-result.ts';
import { hostName, originOfMail, packageInText } from './patterns.ts';

/**
 * What ansible-playbook prints, mailed by cron or by a script: each `fatal: [HOST]` or `failed: [HOST]` line is what
 * failed on one host. The play, or the command that cron ran, is the job.
 */
export const ansibleOutputFormat: AlertFormat = {
  name: 'ansible-output',
  literals: [{ in: 'body', text: '! => {' }],
  match: [
    {
      in: 'body',
      pattern: `^(?:fatal|failed): \\[${hostName}[^\\]]*\\].*: (?:FAILED|UNREACHABLE)! => \\{`,
    },
  ],
  each: `^(?:fatal|failed): \\[(?<device>${hostName})[^\\]]*\\]`,
  // After a failure that the playbook ignores stands `...ignoring`.
  only: '(?:: (?:FAILED|UNREACHABLE)! => \\{|^failed: ).*(?:\\n[^.]|\\n\\z|\\z)',
  extract: [
    { in: 'subject', pattern: '^Cron <\\S+@[^>]+> (?<job>.+)' },
    { in: 'body', pattern: '^PLAY \\[(?<job>[^\\]]+)\\]' },
    { in: 'header:received', pattern: originOfMail('distributionServer') },
    { in: 'header:from', pattern: `@(?<distributionServer>${hostName})` },
    ...announcedIn('').map((pattern) => ({ in: 'body', pattern }) as const),
    { in: 'body', pattern: '(?<announced>\\S.*)' },
    { in: 'body', pattern: '"item": "(?<package>[^"]+)"' },
    { in: 'body', pattern: '\\(item=(?<package>[^)\\s]+)\\) =>' },
    { in: 'announced', pattern: packageInText },
    { in: 'body', pattern: packageInText },
  ],
  failures: [],
  ignore: [],
  recovers: [],
};
