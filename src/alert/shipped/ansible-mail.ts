import type { AlertFormat } from '../../domain/policy.ts';
import { packageFile } from './patterns.ts';

const distributionVerbs =
  'copy|fetch|download|push|distribute|deploy|upload|install(?:ed|ation)?|upgrade|update|roll ?out|wait for|verify|check';

/**
 * Mail of Ansible's `community.general.mail` callback: one task that failed on one host. The device stands only in the
 * body's `Host:` line; From and Message-ID name the controller. A loop that failed has one alert for each item whose
 * result says `failed`: the blocks headed "failed item dump" are no use, they can belong to other hosts.
 */
export const ansibleMailFormat: AlertFormat = {
  name: 'ansible-mail',
  literals: [
    { in: 'body', text: 'Playbook: ' },
    { in: 'body', text: 'Host: ' },
    { in: 'body', text: 'The following task failed:' },
  ],
  match: [
    { in: 'body', pattern: '^Playbook: \\S' },
    { in: 'body', pattern: '^Host: \\S' },
  ],
  each: '^ +"failed": true\\b',
  only: null,
  extract: [
    { in: 'body', pattern: '^Playbook: (?<job>.+)' },
    { in: 'body', pattern: '^Host: (?<device>\\S+)' },
    // The id that Python makes carries the controller's own name, also where From was configured to another one.
    { in: 'header:message-id', pattern: '^<\\d+\\.\\d+\\.\\d+@(?<distributionServer>[^>\\s]+)>' },
    { in: 'header:from', pattern: '@(?<distributionServer>[A-Za-z0-9.-]+)' },
    { in: 'body', pattern: '^ +"item": "(?<package>[^"]+)"' },
    { in: 'body', pattern: '^ +"_original_basename": "(?<package>[^"]+)"' },
    {
      in: 'body',
      pattern: `^ +"(?:url|dest|deb|src|name|_raw_params)": "[^"]*?(?<package>${packageFile})\\b`,
    },
    // A name in the task's own words: only one that looks like a package's, with a hyphen or a digit.
    {
      in: 'body',
      pattern: `^Task: (?i:.*?\\b(?:${distributionVerbs})) (?:(?:of|the|package|installed) )*(?<package>[a-z][a-z0-9+.]*[-_0-9][a-z0-9+._~-]*)`,
    },
    { in: 'body', pattern: '^with the following message:\\n\\s+(?<announced>\\S.*)' },
    { in: 'body', pattern: '^ +"msg": "(?<announced>[^"\\\\]+)' },
    { in: 'subject', pattern: '^(?:(?:Failed|Unreachable): )?(?<announced>.+)' },
  ],
  failures: [],
  ignore: [],
  recovers: [],
};
