import type { AlertFormat } from '../../domain/policy.ts';
import { announcedError, announcedText, hostName, packageFile } from './patterns.ts';

const logTime = String.raw`[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d`;
/** Lines of other programs: they do not begin with a time. */
const printed = String.raw`(?:(?:[^A-Z\n]|[A-Z](?:[^a-z\n]|[a-z](?:[^a-z\n]|[a-z](?:[^ \n]| [^\d \n])))).*\n|\n)*?`;

/** What a hook printed before it failed: the first line that says so, else its first line. */
const hookLines = [announcedError, announcedText].map(
  (line) =>
    ({
      in: 'body',
      pattern: String.raw`Running hook \d+: .*\n${printed}[ \t]*${line}\n${printed}${logTime} .*: Back from hook \d+, got returncode [1-9]`,
    }) as const,
);

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
    // Both mails of a run have the line of its failure: by it both get the same type.
    {
      in: 'body',
      pattern: '(?<failure>got errorcode \\d+|Back from hook \\d+, got returncode [1-9]\\d*)',
    },
    { in: 'body', pattern: `^rsync: .*/\\.?(?<package>${packageFile})\\b` },
    { in: 'body', pattern: '^(?<announced>(?:rsync: |@ERROR: ).+)' },
    ...hookLines,
    { in: 'body', pattern: '^(?<announced>/\\S+: line \\d+: .+)' },
    { in: 'body', pattern: '(?<announced>Back from hook \\d+, got returncode [1-9]\\d*)' },
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
