import type { PackageSource } from './package-source.ts';

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
  /** Where it begins: its line, counted from 1; null where a large log was not read from its start. */
  readonly line: number | null;
  /** Bytes of the file, unpacked, before that line. */
  readonly offset: number;
  /** How many lines it was read from; those of another run may stand between them. */
  readonly lines: number;
  /** `sha256:HEX` of these lines' bytes, each with a newline at its end. */
  readonly digest: string;
}

/** `exact`: the arguments were logged as they were. `inferred`: they were put together from what the log says. */
export type Confidence = 'exact' | 'inferred';

/** The context of a run that decides what it does, as recorded. */
export interface RunContext {
  /** Variables that matter to its tool, as they were; `null`: a secret, whose value is never recorded. */
  readonly environment: Readonly<Record<string, string | null>>;
  /** Who ran it; `null` if the record does not say. */
  readonly user: string | null;
  /** In octal, as `umask` prints it; `null` if the record does not say. */
  readonly umask: string | null;
  /** The tool's version, in its own words; `null` if the record does not say. */
  readonly version: string | null;
}

/**
 * Where a command has its list of recipients: flags as they are written (`--to`), whose values they are, and `freeArguments`
 * for the arguments that belong to no flag. Each recipient stands in one of these places at least.
 */
export type RecipientList = readonly string[];
export const freeArguments = 'arguments';

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
  /**
   * Its times are of an hour that came twice, as clocks were set back, and nothing tells which: they may be later by this, in
   * ms. Left out: they are certain.
   */
  readonly mayBeLaterMs?: number;
  /** From our own ledger: its provenance is that of the run that it repeats. */
  readonly fromLedger?: true;
  readonly exitCode: number | null;
  /** The kind of log that it was read from. */
  readonly adapter: string;
  readonly confidence: Confidence;
  /** Flags that the recorder was given for this run and a further attempt needs again (`--failed-pattern`, …), in pairs. */
  readonly recorderFlags?: readonly string[];
  /** Where the command has its list of recipients; left out: the record does not say. */
  readonly list?: RecipientList;
  /** Left out if the record does not have it. */
  readonly context?: RunContext;
  /** Whether the recipients are all that it reached; left out if the record does not say. */
  readonly isWhole?: boolean;
  /** The packages' files on the server as they were when it ran; left out: the log does not tell. */
  readonly sources?: readonly PackageSource[];
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
  /** The job's name in alerts, where the log has another one. */
  readonly toldAs?: string | null;
}

/** A failure that is not to be repeated, and why: done since, or a newer version of the package is there. */
export interface SupersededFailure {
  readonly failure: FailedJob;
  /** Left out: the same job has succeeded since. */
  readonly by?: 'newer-version' | 'dismissal';
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
  /** All that the original was for. */
  readonly originalRecipients: readonly string[];
  readonly causes: readonly string[];
  /** The kind of log that the original was read from, and how sure its arguments are. */
  readonly adapter: string;
  readonly confidence: Confidence;
  /** Flags that the recorder was given for the original (`--failed-pattern`, …), in pairs. */
  readonly recorderFlags?: readonly string[];
  /** Where the command has its list of recipients; left out: neither the record nor the config says. */
  readonly list?: RecipientList;
  /** What of the original's surroundings is set again, beside what the config sets; left out: nothing. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The context of the original run; left out if its record does not have it. */
  readonly context?: RunContext;
  /** Why it may reach others than its recipients, a sentence's end; left out: it names nobody else. */
  readonly mayReachOthers?: string;
  readonly provenance: Provenance;
  /** Recipients of whose failure no alert told; left out: there are none. */
  readonly untold?: readonly string[];
  /** What is not as it was when the original ran, a sentence each; left out: nothing. Such a command needs a second look. */
  readonly changed?: readonly string[];
  /** Paths of packages that could be compared by size and time alone with what they were; left out: none. */
  readonly comparedBySize?: readonly string[];
  /** The packages' files as they were when this was proposed; left out: nobody can tell. */
  readonly sources?: readonly PackageSource[];
  /** What verifies it after it succeeded (B13), exactly: an approval covers that too; left out: nothing does. */
  readonly verification?: readonly string[];
  /** It is for the first recipients of its job: what is no canary waits for it. */
  readonly canary?: true;
  /** null: may be approved; else why not, naming the argument at fault. */
  readonly refusal: string | null;
  /**
   * What a refusal is about: the list of recipients could not be narrowed (then the whole list may do), the arguments are not
   * allowed (then others may be), or neither would help. Left out: the arguments.
   */
  readonly refusedFor?: 'recipients' | 'arguments' | 'circumstances';
}

/**
 * What decides, beside a command, where and how it runs: host, host key, user, sudo, environment, recorder, allow lists. By what
 * people call it; what may be secret is a digest.
 */
export type RunBinding = Readonly<Record<string, string>>;

/** Whether a person has to look at it twice before it runs: something is not as it was, or its arguments are inferred. */
export function isInDoubt({
  changed,
  confidence,
  mayReachOthers,
}: Pick<RebuiltCommand, 'changed' | 'confidence' | 'mayReachOthers'>): boolean {
  return confidence === 'inferred' || (changed?.length ?? 0) > 0 || mayReachOthers !== undefined;
}

/** What an approval of a proposal would be about, counted. */
export interface Plan {
  /** All that were proposed, also those that don't run. */
  readonly commands: number;
  /** Those that run once they are approved. */
  readonly runnable: number;
  readonly leftOut: number;
  readonly refused: number;
  /** Of the runnable ones; those of several commands counted in each. */
  readonly recipients: number;
  /** Hosts that they reach; `null` if they cannot be counted; left out of plans that were made before they were. */
  readonly hosts?: number | null;
  /** Recipients of the runnable canaries; left out: there are none. */
  readonly canary?: number;
  /** How many of the runnable ones are in doubt, and of which jobs the first of them are. */
  readonly inDoubt: number;
  readonly doubtfulJobs: readonly string[];
  /** Dry runs of the runnable ones; left out: no tool has any. */
  readonly dryRuns?: DryRunCounts;
}

/** The dry runs of a proposal, counted. */
export interface DryRunCounts {
  /** Those whose tool proves that they only print: anybody who may decide may start them. */
  readonly free: number;
  /** Those that take the same approval as the run. */
  readonly toApprove: number;
  /** Why they take it, for the first kinds of them. */
  readonly effects: readonly string[];
  /** Of those to approve; those of several commands counted in each. */
  readonly recipients: number;
  /** Hosts that those to approve reach; `null` if they cannot be counted; left out of older plans. */
  readonly hosts?: number | null;
  /** What an approval of them is bound to; `null`: none takes one. */
  readonly digest: string | null;
}

/** From planned on, one way only; `skipped`: it was approved, and will not be started. */
export const commandStates = [
  'planned',
  'approved',
  'running',
  'succeeded',
  'failed',
  'unknown',
  'skipped',
] as const;
export type CommandState = (typeof commandStates)[number];

/** Commands of a redistribution that are equally far. */
export interface CommandTally {
  readonly state: CommandState;
  /** How many recipients each of them has, how many of these failed again, and of how many the outcome stays open. */
  readonly recipients: number;
  readonly failedAgain: number;
  readonly unclear: number;
  /** Whether the tool ended with an exit code that is not 0. */
  readonly exitedBadly: boolean;
  /** How many such commands there are. */
  readonly commands: number;
}

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

/** How a redistribution begins with few recipients (B12): the first `recipients` of each job, and what follows if all of them succeed. */
export interface CanaryPolicy {
  readonly recipients: number;
  readonly afterwards: 'continue' | 'ask';
}

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
  /** Where the program has its list of recipients; left out or `null`: nobody knows, unless a record says it. */
  readonly list?: RecipientList | null;
  /** Variables that a re-run may set as they were; left out: none. */
  readonly environment?: readonly VariableRule[];
}

/** A variable's allowed values: those that a pattern matches wholly, or exactly one. */
export type VariableRule =
  | { readonly name: string; readonly pattern: string }
  | { readonly name: string; readonly exactly: string };
