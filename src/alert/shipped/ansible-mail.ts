import type { AlertFormat } from '../../domain/policy.ts';
import { announcedIn, saysNothing } from './ansible-result.ts';
import { announcedError, failedFile, packageFile, packageInText } from './patterns.ts';

const distributionVerbs =
  'copy|fetch|download|push|distribute|deploy|upload|install(?:ed|ation)?|upgrade|update|roll ?out|wait for|verify|check';

const indented = String.raw`(?: .*\n|\n)*?`;
/** In a loop the results are one level deeper than a single result's members. */
const ofItem = '^ {20}';
/** What the task was called with: above, or in the result of a loop; elsewhere it may be another task's. */
const ofTask = '^(?: {12}| {24}| {28})';
const ofResult = String.raw`^and a complete dump of the error:\n(?:.*\n)+? {12}`;

/**
 * Mail of Ansible's `community.general.mail` callback: one task that failed on one host. The device stands only in the
 * body's `Host:` line; From and Message-ID name the controller. A loop that failed has one alert for each item whose
 * result says `failed`: the blocks headed "failed item dump" are no use, they can belong to other hosts or earlier tasks.
 * A task with `async` fails twice, as the callback is called for its job and for the task: only the task counts.
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
  each: String.raw`^ {16}\{\n(?: {17,}.*\n)*? {20}"failed": true\b`,
  only: null,
  extract: [
    { in: 'body', pattern: '^Playbook: (?<job>.+)' },
    { in: 'body', pattern: '^Host: (?<device>\\S+)' },
    // The id that Python makes carries the controller's own name, also where From was configured to another one.
    { in: 'header:message-id', pattern: '^<\\d+\\.\\d+\\.\\d+@(?<distributionServer>[^>\\s]+)>' },
    { in: 'header:from', pattern: '@(?<distributionServer>[A-Za-z0-9.-]+)' },
    {
      in: 'body',
      pattern: String.raw`^with the following message:\n\s+(?:${saysNothing}.*|(?<announced>\S.*))`,
    },
    {
      in: 'body',
      pattern: String.raw`^with the following error output:\n${indented}[ \t]+${announcedError}`,
    },
    { in: 'body', pattern: String.raw`^with the following error output:\n\s+(?<announced>\S.*)` },
    {
      in: 'body',
      pattern: String.raw`^with the following standard output:\n${indented}[ \t]+${announcedError}`,
    },
    ...[...announcedIn(ofItem), ...announcedIn(ofResult)].map(
      (pattern) => ({ in: 'body', pattern }) as const,
    ),
    { in: 'subject', pattern: '^(?:(?:Failed|Unreachable): )?(?<announced>.+)' },
    { in: 'body', pattern: '^ {20}"item": "(?<package>[^"]+)"' },
    // The items of a loop over background jobs are results themselves.
    { in: 'body', pattern: '^ {24}"item": "(?<package>[^"]+)"' },
    { in: 'body', pattern: '^ +"_original_basename": "(?<package>[^"]+)"' },
    { in: 'announced', pattern: packageInText },
    { in: 'body', pattern: failedFile },
    {
      in: 'body',
      pattern: `${ofTask}"(?:url|dest|deb|src|name|_raw_params)": "(?:[^"]*?[/ =\\\\'])?(?<package>${packageFile})\\b`,
    },
    // A name in the task's own words: only one that looks like a package's, with a hyphen or a digit.
    {
      in: 'body',
      pattern: `^Task: (?i:.*?\\b(?:${distributionVerbs})) (?:(?:of|the|package|installed) )*(?<package>[a-z][a-z0-9+.]*[-_0-9][a-z0-9+._~-]*)`,
    },
  ],
  failures: [],
  ignore: [{ in: 'body', pattern: '^ +Async failure: \\{', reason: 'told-by-its-task' }],
  recovers: [],
};
