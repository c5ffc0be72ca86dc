import type { AlertFormat } from '../../domain/policy.ts';
import { hostName, packageFile } from './patterns.ts';

/**
 * Mail of Debian's ftpsync. It pulls: the node in the subject runs the job and is its own recipient. A failed run sends
 * up to two mails: one with rsync's error output and the log, one with the exit code of rsync alone.
 */
export const ftpsyncFormat: AlertFormat = {
  name: 'ftpsync',
  literals: [{ in: 'subject', text: '[ftpsync' }],
  match: [{ in: 'subject', pattern: `^\\[ftpsync[^\\]@\\s]*@${hostName}\\] (?:ERROR|SUCCESS)` }],
  each: null,
  only: null,
  extract: [
    { in: 'subject', pattern: `^\\[(?<job>ftpsync[^\\]@\\s]*)@(?<device>${hostName})\\]` },
    { in: 'subject', pattern: `^\\[ftpsync[^\\]@\\s]*@(?<distributionServer>${hostName})\\]` },
    { in: 'body', pattern: `^rsync: .*/\\.?(?<package>${packageFile})\\b` },
    { in: 'body', pattern: '^(?<announced>(?:rsync: |@ERROR: ).+)' },
    { in: 'body', pattern: '^(?<announced>/\\S+: line \\d+: .+)' },
    { in: 'body', pattern: '^(?:ERROR: )?(?<announced>Sync step \\d+ went wrong.+)' },
    { in: 'subject', pattern: '\\] (?<announced>ERROR.*)' },
  ],
  // rsync(1), "EXIT VALUES": where nothing else is said, the code tells who refused.
  failures: [
    { type: 'access', pattern: 'got errorcode 5\\b' },
    { type: 'connection', pattern: 'got errorcode (?:10|12|30|35|255)\\b' },
    { type: 'package', pattern: 'got errorcode \\d' },
  ],
  ignore: [],
  recovers: [{ in: 'subject', pattern: '\\] SUCCESS$' }],
};
