/** What became of one recipient of a job, as the server's log says. */
export interface RecipientResult {
  readonly name: string;
  readonly result: 'succeeded' | 'failed' | 'unknown';
  /** The tool's own words, shortened; null when it succeeded. */
  readonly cause: string | null;
}

/** Where in the log a record was read, so that a person can look it up. */
export interface Provenance {
  readonly file: string;
  readonly line: number;
  /** `sha256:HEX` of the line's bytes. */
  readonly digest: string;
}

/** One run of a distribution command, recovered from the log of the server that issued it (B8). */
export interface JobRecord {
  readonly server: string;
  readonly job: string;
  readonly attempt: number;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly packages: readonly string[];
  readonly recipients: readonly RecipientResult[];
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly exitCode: number | null;
  /** Flags that the recorder was given for this run and a further attempt needs again (`--failed-pattern`, …), in pairs. */
  readonly recorderFlags?: readonly string[];
  readonly provenance: Provenance;
}

/** A failure that is not cleared yet: one recipient did not get one package of one job (B1). */
export interface FailedJob {
  readonly server: string;
  readonly job: string;
  readonly recipient: string;
  readonly package: string;
  readonly attempt: number;
  readonly failedAt: Date;
  readonly cause: string;
  /** `both` once alert and log agree. */
  readonly knownFrom: 'alert' | 'log' | 'both';
}

/** A failure that is not to be repeated, and why: done since, or a newer version of the package is there. */
export interface SupersededFailure {
  readonly failure: FailedJob;
  readonly reason: string;
}

/** A command rebuilt for the recipients that failed (B9). */
export interface RebuiltCommand {
  readonly server: string;
  readonly job: string;
  /** The attempt that this command will be. */
  readonly attempt: number;
  readonly argv: readonly string[];
  readonly originalArgv: readonly string[];
  readonly cwd: string;
  readonly packages: readonly string[];
  readonly recipients: readonly string[];
  readonly causes: readonly string[];
  /** Flags that the recorder was given for the original (`--failed-pattern`, …), in pairs. */
  readonly recorderFlags?: readonly string[];
  readonly provenance: Provenance;
  /** Recipients of whose failure no alert told; left out: there are none. */
  readonly untold?: readonly string[];
  /** What is not as it was when the original ran, a sentence each; left out: nothing. Such a command needs a second look. */
  readonly changed?: readonly string[];
  /** null: may be approved; else why not, naming the argument at fault. */
  readonly refusal: string | null;
}

/** From planned on, one way only. */
export const commandStates = ['planned', 'approved', 'running', 'succeeded', 'failed', 'unknown'] as const;
export type CommandState = (typeof commandStates)[number];

export const redistributionStates = [
  'gathering',
  'proposed',
  'approved',
  'running',
  'done',
  'rejected',
  'expired',
  'empty',
  'failed',
] as const;
export type RedistributionState = (typeof redistributionStates)[number];

/** Half-open: from ≤ t < until. */
export interface Period {
  readonly from: Date;
  readonly until: Date;
}

/** One value of an allowed command: a flag (with or without a value) or a free argument. */
export interface CommandTemplate {
  /** Exactly argv[0]. */
  readonly program: string;
  /** Flags as written (`--package`, `-a`); the value pattern must match the whole value. null: takes no value. */
  readonly flags: readonly { readonly name: string; readonly value: string | null }[];
  /** Patterns for arguments that are no flags; each argument must match one of them wholly. */
  readonly arguments: readonly string[];
  /** Patterns for the directory it runs in; it must match one of them wholly. None: any. */
  readonly directories: readonly string[];
}
