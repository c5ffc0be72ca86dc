import type { LogFormat, ShippedLogFormat } from '../../domain/log-source.ts';

/**
 * A log as a few lines of shell around a tool write it, the command quoted by the shell:
 *
 *     2026-11-23 13:15:32 push[4711]: START job=nightly package=geo-db
 *     2026-11-23 13:15:32 push[4711]: RUN rsync -a /srv/geo-db int-58:/srv/incoming/
 *     2026-11-23 13:15:33 push[4711]: (whatever the tool prints)
 *     2026-11-23 13:15:33 push[4711]: END rc=255
 */
const wrapper: LogFormat = {
  time: { pattern: String.raw`^(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) `, format: 'YYYY-MM-DD HH:mm:ss' },
  run: String.raw`^\S+ \S+ [\w.-]+\[(?P<run>\d+)\]: `,
  start: String.raw`^\S+ \S+ \S+ START job=(?P<job>\S+) package=(?P<package>\S+)`,
  about: [
    String.raw`^\S+ \S+ \S+ RUN (?P<command>.+)$`,
    String.raw`^\S+ \S+ \S+ START .* recipient=(?P<recipient>\S+)`,
    String.raw`^\S+ \S+ \S+ START .* directory=(?P<directory>/\S*)`,
  ],
  succeeded: [],
  failed: [],
  end: String.raw`^\S+ \S+ \S+ END rc=(?P<code>\d+)$`,
  succeededCodes: [0],
  commandStyle: 'shell',
  command: null,
  directory: '/',
};

/** pdsh(1) and clush(1) end with 0 although hosts failed, unless they are given -S: they name each that did. */
const pdshFailed = String.raw`^\S+ \S+ \S+ pdsh@[\w.-]+: (?P<recipient>[\w.-]+): (?P<cause>\w+ exited with exit code (?P<code>[1-9]\d*)|command timeout|connect: timed out|mcmd: .*)`;
const clushFailed = String.raw`clush: (?P<recipient>[\w.,\[\]-]+)(?: \(\d+\))?: (?P<cause>exited with exit code (?P<code>[1-9]\d*)|command timeout)`;

/** A push program's log on Windows: times as in the United States, CR LF, a command line quoted as Windows does. */
const windows: LogFormat = {
  time: {
    pattern: String.raw`^(?P<time>\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d:\d\d [AP]M) `,
    format: 'M/D/YYYY h:mm:ss A',
  },
  run: String.raw` [AP]M \[(?P<run>\d+)\] `,
  start: String.raw`\] INFO START Job=(?P<job>\S+) Package=(?P<package>\S+)`,
  about: [String.raw`\] INFO START .* Target=(?P<recipient>\S+)`, String.raw`\] INFO CMD (?P<command>.+)$`],
  succeeded: [String.raw`\] INFO (?P<recipient>[\w.-]+): copied$`],
  failed: [String.raw`\] ERROR (?P<recipient>[\w.-]+): (?P<cause>.+)$`],
  end: String.raw`\] INFO END ExitCode=(?P<code>\d+)$`,
  succeededCodes: [0],
  commandStyle: 'windows',
  command: null,
  directory: '/',
};

export const shippedFormats: Readonly<Record<ShippedLogFormat, LogFormat>> = {
  'rsync-wrapper': wrapper,
  pdsh: { ...wrapper, failed: [pdshFailed] },
  clush: { ...wrapper, failed: [clushFailed] },
  windows,
};
