import type { Period } from './redistribution.ts';

export const logAdapters = ['record', 'ansible', 'ansible-log', 'ftpsync', 'pattern'] as const;
/** Formats that come with the program. */
export const shippedLogFormats = ['rsync-wrapper', 'pdsh', 'clush', 'windows'] as const;
export type ShippedLogFormat = (typeof shippedLogFormats)[number];
export const commandStyles = ['shell', 'words', 'windows'] as const;

/**
 * How to read a log of a site's own (adapter `pattern`). Patterns are RE2 syntax and are looked for anywhere in a line; the
 * groups named here say what is found.
 */
export interface LogFormat {
  /** `time`, and how it is written, such as `YYYY-MM-DD HH:mm:ss`. */
  readonly time: { readonly pattern: string; readonly format: string };
  /** `run`: what the lines of one run have in common; null: one run at a time. */
  readonly run: string | null;
  /** The first line of a run; may have any group of `about`. */
  readonly start: string;
  /** `job`, `attempt`, `package` and `recipient` (a name or several), `command`, `directory`; of each the last word counts. */
  readonly about: readonly string[];
  /** `recipient`, for those that failed `cause` and `code` too; a line that says failed wins. */
  readonly succeeded: readonly string[];
  readonly failed: readonly string[];
  /** The last line of a run; may have `code`. */
  readonly end: string;
  /** Exit codes that mean success. */
  readonly succeededCodes: readonly number[];
  /** How `command` is written: quoted for a shell, as words without quotes, or as Windows quotes. */
  readonly commandStyle: (typeof commandStyles)[number];
  /** Where the log has no `command`: its arguments, with {job}, {package} and {recipient} in them; null: not known. */
  readonly command: readonly string[] | null;
  /** Where the log names no `directory`. */
  readonly directory: string;
}

/** What was run where Ansible's own log shows a play of this name first (adapter `ansible-log`). */
export interface LoggedPlay {
  readonly play: string;
  readonly job: string;
  readonly packages: readonly string[];
  readonly command: readonly string[];
  /** Where it ran. */
  readonly directory: string;
}

/** What Ansible's own log does not tell. */
export interface AnsibleLogging {
  readonly plays: readonly LoggedPlay[];
  /** Whether ansible.cfg has `check_mode_markers`: else a trial (`--check`) looks like a run. */
  readonly checkModeMarkers: boolean;
}

/** One log of a distribution server, as the config describes it. */
export interface LogSource {
  readonly adapter: (typeof logAdapters)[number];
  /** Absolute, on the server; `*` in its last part stands for any text. What rotation made of the files belongs to it. */
  readonly path: string;
  /** IANA name; the zone of times that are written without one. */
  readonly timeZone: string;
  /** How long before the period a run may have begun that ended in it. */
  readonly longestRunMs: number;
  /** For the adapter `pattern`: a shipped format by its name, or the site's own; else null. */
  readonly format: ShippedLogFormat | LogFormat | null;
  /** For the adapter `ansible-log`; left out for others. */
  readonly ansible?: AnsibleLogging;
}

/** What is wanted of one log of a server (B7). */
export interface LogQuery {
  readonly path: string;
  readonly period: Period;
  /** When a line was written; null: it does not say. `before` is a moment before which the year of a time without one is. */
  readonly timeOf: (line: string, before: Date) => Date | null;
}

/** Whole lines of one file, those of the period and perhaps more. */
export interface LogSlice {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Where the bytes begin in the file, unpacked. */
  readonly offset: number;
  /** The number of the first line, counted from 1; null where what is before was not read. */
  readonly firstLine: number | null;
  /** When the file was last written to. */
  readonly modifiedAt: Date;
}
