import type { Person } from '../chat.ts';
import type {
  CanaryPolicy,
  CommandState,
  CommandTally,
  FailedJob,
  Period,
  Plan,
  RebuiltCommand,
  RecipientResult,
  RedistributionState,
  RunBinding,
  SupersededFailure,
} from '../redistribution.ts';

/** How far the canary of a redistribution is. */
export interface CanaryProgress extends CanaryPolicy {
  /** Its recipients have succeeded, and somebody has to let the others go on. */
  readonly waiting: boolean;
  /** Who let them go on; `null`: nobody, or nobody had to. */
  readonly releasedBy: Person | null;
}

export interface RedistributionRecord {
  readonly id: string;
  readonly server: string;
  /** Only failures for these devices; null: for all. */
  readonly recipients: readonly string[] | null;
  /** Only failures of this job; null: of all. */
  readonly job: string | null;
  readonly period: Period & { readonly text: string };
  readonly timeZone: string;
  readonly channel: string;
  readonly requestedBy: Person;
  readonly requestedAt: Date;
  readonly state: RedistributionState;
  readonly digest: string | null;
  /** What an approval is bound to beside the commands; `null` if nothing was proposed, or before that was kept. */
  readonly binding: RunBinding | null;
  /** What the digest is over, counted; null: nothing was proposed. */
  readonly plan: Plan | null;
  readonly decidedBy: Person | null;
  readonly decidedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly unmatched: readonly FailedJob[];
  /** What failed in the period and is not to be repeated. */
  readonly superseded: readonly SupersededFailure[];
  /** Logs that could not be read, and what to do about it, a text each: what only they know is missing. */
  readonly unread: readonly string[];
  /** What makes the answer less certain, and what was made of it, a text each. */
  readonly warnings: readonly string[];
  readonly note: string | null;
  /** Who pressed *Stop*. */
  readonly stoppedBy: Person | null;
  /** `null`: all of its commands may run from the beginning. */
  readonly canary: CanaryProgress | null;
  /** Since when its server can't be reached, while it runs. */
  readonly unreachableSince: Date | null;
}

export type RedistributionChange = Partial<
  Pick<
    RedistributionRecord,
    | 'state'
    | 'digest'
    | 'binding'
    | 'plan'
    | 'decidedBy'
    | 'decidedAt'
    | 'expiresAt'
    | 'unmatched'
    | 'superseded'
    | 'unread'
    | 'warnings'
    | 'note'
    | 'stoppedBy'
    | 'canary'
    | 'unreachableSince'
  >
>;

export interface CommandRecord {
  readonly id: string;
  readonly redistributionId: string;
  readonly ordinal: number;
  readonly command: RebuiltCommand;
  /** Whether it is to run: people may leave some out. */
  readonly selected: boolean;
  /** As it was rebuilt, where people changed it since; null: it is as it was rebuilt. */
  readonly rebuilt: RebuiltCommand | null;
  /** All who changed it, the last one last. */
  readonly changedBy: readonly Person[];
  readonly changedAt: Date | null;
  readonly state: CommandState;
  readonly exitCode: number | null;
  /** The end of what it printed. */
  readonly output: string;
  /** What became of each recipient, once it has ended. */
  readonly results: readonly RecipientResult[];
  readonly note: string | null;
  /** When what starts it was first sent to its server. */
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  /** The server has said that it has this run: from then on it is only looked at. */
  readonly seenOnServer: boolean;
  /**
   * Where the server keeps its run, as the config said when it was started: a path, or `home`. `null` if it was not started, or
   * by a version that did not store it.
   */
  readonly runFolder: string | null;
  /** When its unknown outcome is looked after next; null: never. */
  readonly lookAt: Date | null;
}

/** How a command has ended, or that it never began. */
export interface CommandEnd {
  readonly id: string;
  readonly state: 'succeeded' | 'failed' | 'unknown' | 'skipped';
  readonly exitCode: number | null;
  readonly output: string;
  readonly results: readonly RecipientResult[];
  readonly note: string | null;
  readonly endedAt: Date;
}

export type CommandChange = Partial<
  Pick<
    CommandRecord,
    | 'state'
    | 'exitCode'
    | 'output'
    | 'results'
    | 'note'
    | 'startedAt'
    | 'endedAt'
    | 'seenOnServer'
    | 'runFolder'
    | 'lookAt'
  >
>;

/** Redistributions, their commands, and the ledger of attempts. */
export interface RedistributionTx extends CommandTx, LedgerTx {
  /** Until the transaction ends nobody else begins a redistribution. */
  lockRedistributions(): Promise<void>;
  addRedistribution(redistribution: RedistributionRecord): Promise<void>;
  /** Locks the row until the transaction ends. */
  redistribution(id: string): Promise<RedistributionRecord | null>;
  redistributionsOf(
    server: string | null,
    states: readonly RedistributionState[],
  ): Promise<readonly RedistributionRecord[]>;
  /** Changes a redistribution that is in one of these states; false when it was not. */
  changeRedistribution(
    id: string,
    from: readonly RedistributionState[],
    change: RedistributionChange,
  ): Promise<boolean>;
}

export interface CommandPage {
  readonly from: number;
  readonly count: number;
}

/** As it was rebuilt: it is to run, and nobody changed it. */
export type NewCommand = Pick<CommandRecord, 'id' | 'redistributionId' | 'ordinal' | 'command'>;

export interface CommandTx {
  addCommands(commands: readonly NewCommand[]): Promise<void>;
  /** In their order: all of them, or so many from one on (counted from 0). */
  commandsOf(redistributionId: string, page?: CommandPage): Promise<readonly CommandRecord[]>;
  /** How far they are, those that are equally far together. */
  tallyCommands(redistributionId: string): Promise<readonly CommandTally[]>;
  command(id: string): Promise<CommandRecord | null>;
  /** A server's commands that were started since and have ended, however; oldest first. */
  endedCommands(server: string, since: Date): Promise<readonly CommandRecord[]>;
  /** How far a redistribution's commands are, in their order. */
  commandStates(
    redistributionId: string,
  ): Promise<readonly { readonly id: string; readonly state: CommandState }[]>;
  /** Ends those of these commands that are in one of the states, their attempts with them; answers their ids. */
  endCommands(ends: readonly CommandEnd[], from: readonly CommandState[]): Promise<readonly string[]>;
  /** Commands on a server that ended before then with a known outcome, and whose runs may still be kept there. */
  commandsToPrune(
    server: string,
    endedBefore: Date,
    limit: number,
  ): Promise<readonly Pick<CommandRecord, 'id' | 'runFolder'>[]>;
  notePruned(ids: readonly string[]): Promise<void>;
  /** Redistributions with commands whose unknown outcome is to be looked after now, never rightly later than `longestMs` from now. */
  redistributionsToLookAfter(now: Date, longestMs: number): Promise<readonly string[]>;
  /** Changes a command that is in `from`; false when it was not. */
  changeCommand(id: string, from: CommandState, change: CommandChange): Promise<boolean>;
  /** Writes down what people made of planned commands: whether they are to run, what they are now, and who changed that. */
  reviseCommands(commands: readonly CommandRecord[]): Promise<void>;
  /** Changes the commands among these that are in one of these states; answers their ids. */
  changeCommands(
    ids: readonly string[],
    from: readonly CommandState[],
    change: CommandChange,
  ): Promise<readonly string[]>;
}

/** Every attempt at every recipient and package, once. */
export interface LedgerTx {
  /** Enters the commands' attempts as approved; answers one of which an attempt was entered before, or null. */
  enterAttempts(commands: readonly CommandRecord[]): Promise<CommandRecord | null>;
  /** What was tried on a server without anybody knowing how it ended, and when that was. */
  unknownAttempts(
    server: string,
  ): Promise<readonly { readonly job: string; readonly recipient: string; readonly at: Date | null }[]>;
  /** The highest attempt at each of these jobs that the ledger knows; jobs that it does not know are left out. */
  lastAttempts(server: string, jobs: readonly string[]): Promise<ReadonlyMap<string, number>>;
}
