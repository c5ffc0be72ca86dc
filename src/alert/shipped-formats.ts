import type { AlertFormat } from '../domain/policy.ts';

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
  extract: [
    { in: 'body', pattern: line('alert[ _-]?id', '(?<alertId>.+)') },
    { in: 'body', pattern: line('region', '(?<region>.+)') },
    { in: 'body', pattern: line('device', '(?<device>\\S+)') },
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
};

function line(key: string, value: string): string {
  return `(?i)^[ \\t]*${key}[ \\t]*:[ \\t]*${value}`;
}

const packageFile = '[^"/\\s]+?\\.(?:deb|rpm|apk|tar\\.(?:gz|xz|bz2|zst)|tgz|zip|whl|jar|msi|pkg|img|iso)';
const distributionVerbs =
  'copy|fetch|download|push|distribute|deploy|upload|install(?:ed|ation)?|upgrade|update|roll ?out|wait for|verify|check';

/**
 * Mail of Ansible's `community.general.mail` callback: one task that failed on one host. The device stands only in the
 * body's `Host:` line; From and Message-ID name the controller. A loop that failed has one alert for each item whose
 * result says `failed`: the blocks headed "failed item dump" are no use, they can belong to other hosts.
 */
const ansibleMailFormat: AlertFormat = {
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
};

/** The formats that come with the product, by name. */
export const shippedFormats: Readonly<Record<string, AlertFormat>> = {
  [plainFormat.name]: plainFormat,
  [ansibleMailFormat.name]: ansibleMailFormat,
};
