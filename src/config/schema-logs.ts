import { RE2JS } from 're2js';
import { z } from 'zod';
import { findFormatFault } from '../domain/clock-format.ts';
import { commandStyles, logAdapters, type LogSource, shippedLogFormats } from '../domain/log-source.ts';
import { duration, field, oneOf, text, timeZone, wholeNumber, yesNo } from './fields.ts';

/** Where the recorder writes unless it is told otherwise. */
export const recordDirectory = '/var/log/restage-record';

/** Files of the recorder in a directory, one a date. */
export function recordLog(directory: string): LogSource {
  const path = `${directory.replace(/\/$/, '')}/*.jsonl`;
  return { adapter: 'record', path, timeZone: 'UTC', longestRunMs: 0, format: null };
}

/** Where a log is unless the config says so; a pattern's may be anywhere. */
const defaultPaths: Readonly<Partial<Record<LogSource['adapter'], string>>> = {
  record: `${recordDirectory}/*.jsonl`,
  ansible: '/var/log/restage-ansible/*.jsonl',
  'ansible-log': '/var/log/ansible.log',
  ftpsync: '/home/mirror/.local/log/ftpsync/ftpsync*.log',
};

const aboutGroups = ['job', 'attempt', 'package', 'recipient', 'command', 'directory'];

/** A pattern in RE2 syntax whose named groups are some of these, and one at least of `needed`. */
function groupPattern(example: string, allowed: readonly string[], needed: readonly string[] = allowed) {
  const must = `a regular expression in RE2 syntax with ${needed.length === 1 ? `a group (?<${needed[0]}>…)` : `groups (?<NAME>…) of ${allowed.join(', ')}`}`;
  return field({ must, example }, (value) => {
    if (typeof value !== 'string' || value === '') return null;
    const names = groupsOf(value);
    if (names === null || !names.every((name) => allowed.includes(name))) return null;
    return needed.length === 0 || names.some((name) => needed.includes(name)) ? value : null;
  });
}

function groupsOf(source: string): string[] | null {
  try {
    return Object.keys(RE2JS.compile(source).namedGroups());
  } catch {
    return null;
  }
}

const timeFormat = field(
  { must: 'how times are written, of YYYY MM DD HH mm ss and the like', example: "'YYYY-MM-DD HH:mm:ss'" },
  (value) => (typeof value === 'string' && findFormatFault(value) === null ? value : null),
);
const resultGroups = ['recipient', 'cause', 'code'];

/** A format that the site declares (B14). */
const declaredFormat = z.strictObject({
  time: z.strictObject({ pattern: groupPattern("'^(?<time>\\S+ \\S+) '", ['time']), format: timeFormat }),
  run: groupPattern("'\\[(?<run>\\d+)\\]'", ['run']).nullable().default(null),
  start: groupPattern("'START job=(?<job>\\S+)'", aboutGroups, []),
  about: z.array(groupPattern("'RUN (?<command>.+)$'", aboutGroups)).default([]),
  succeeded: z.array(groupPattern("'(?<recipient>\\S+): done$'", resultGroups, ['recipient'])).default([]),
  failed: z
    .array(groupPattern("'(?<recipient>\\S+): (?<cause>.+)$'", resultGroups, ['recipient']))
    .default([]),
  end: groupPattern("'END rc=(?<code>\\d+)$'", ['code'], []),
  succeededCodes: z.array(wholeNumber({ min: 0, max: 255 }, '0')).default([0]),
  commandStyle: oneOf(commandStyles, 'shell').default('shell'),
  command: z.array(text('an argument', "'{recipient}'")).min(1).nullable().default(null),
  directory: text('an absolute path on the server', '/srv', /^\/\S*$/).default('/'),
});

/** What Ansible's own log does not tell; a play that is not named here has a command only from the recorder. */
const ansibleLogging = z.strictObject({
  plays: z
    .array(
      z.strictObject({
        play: text("a play's name", 'Edge agent'),
        job: text('a name', 'edge-agent').optional(),
        packages: z.array(text('a name', 'edge-agent')).min(1).optional(),
        command: z.array(text('an argument', 'site.yml')).min(1),
        directory: text('an absolute path on the server', '/srv/ansible', /^\/\S*$/),
      }),
    )
    .default([])
    .transform((plays) =>
      plays.map(({ job, packages, ...one }) => ({
        ...one,
        job: job ?? one.play,
        packages: packages ?? [job ?? one.play],
      })),
    ),
  checkModeMarkers: yesNo('true').default(false),
});

const logPath = text(
  "an absolute path on the server, with * only in the file's name",
  '/var/log/push.log',
  /^\/(?:[^*]*\/)?[^/]+$/,
);

/** One log of a server. */
export const logSource = z
  .strictObject({
    adapter: oneOf(logAdapters, 'record'),
    path: logPath.optional(),
    timeZone: timeZone().default('UTC'),
    longestRun: duration('1h', { max: '30d' }).default(3_600_000),
    format: z
      .union([oneOf(shippedLogFormats, 'rsync-wrapper'), declaredFormat])
      .nullable()
      .default(null),
    ansible: ansibleLogging.optional(),
  })
  .transform(({ longestRun, path, ansible, ...rest }, context): LogSource => {
    const isPattern = rest.adapter === 'pattern';
    const known = path ?? defaultPaths[rest.adapter];
    if (known === undefined) refuse('path', 'where the log is', '/var/log/push.log');
    if (isPattern && rest.format === null) refuse('format', 'there for a log of the adapter pattern', 'pdsh');
    if (!isPattern && rest.format !== null)
      refuse('format', 'left out but for the adapter pattern', 'pattern');
    if (ansible && rest.adapter !== 'ansible-log')
      refuse('ansible', 'left out but for the adapter ansible-log', 'ansible-log');
    const told = ansible ? { ansible } : {};
    return { ...rest, ...told, path: known ?? '', longestRunMs: longestRun };

    function refuse(key: string, must: string, example: string): void {
      const params = { must, example };
      context.issues.push({ code: 'custom', message: `must be ${must}`, params, path: [key], input: path });
    }
  });
