import type { LogQuery, LogSlice, LogSource } from './log-source.ts';
import type { SourceFinding } from './package-source.ts';
import type { CanaryPolicy, CommandTemplate } from './redistribution.ts';
import type { ClockReading } from './server-clock.ts';
import type { SlotPlan } from './slot.ts';

/** A machine that is reached by SSH, and how it is known to be the right one. */
export interface SshHost {
  /** What people call it. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** null: the agent has the key. */
  readonly privateKeyFile: string | null;
  /** Socket of an ssh-agent; null: none is asked. */
  readonly agentSocket: string | null;
  /** Pinned fingerprint `SHA256:…`; null: use known_hosts. */
  readonly hostKey: string | null;
  readonly knownHostsFile: string | null;
}

/** A distribution server as the config describes it; its `name` is as typed in `/redistribute`. */
export interface ServerProfile extends SshHost {
  /** The key for running commands, where it is another one than that for reading logs. */
  readonly runKeyFile: string | null;
  /** Hosts through which it is reached, the first from here on first. */
  readonly jump: readonly SshHost[];
  /** Where the server says what it distributed. */
  readonly logs: readonly LogSource[];
  /** Path of the recorder on that host, through which a re-run goes; null: the command runs as it is. */
  readonly recorder: string | null;
  /** Where its redistributions are talked about; null: where somebody asks for them. */
  readonly channel: string | null;
  /** When it is serviced by itself (B4); left out: never. */
  readonly servicing?: SlotPlan | null;
  readonly allowed: readonly CommandTemplate[];
  readonly running: RunningPolicy;
}

/** How a server's commands are run (B12). */
export interface RunningPolicy {
  /** A command still running after this long is stopped and ends as failed. */
  readonly timeoutMs: number;
  /** How long a command that is stopped has between TERM and KILL. */
  readonly stopGraceMs: number;
  /** How many commands run at the same time. */
  readonly atOnce: number;
  /** Whether the others are still started after one has failed. */
  readonly onFailure: 'stop' | 'continue';
  /** Added to the environment that the server's sshd gives. */
  readonly environment: Readonly<Record<string, string>>;
  /** The user whom `sudo -n` runs commands as; null: without sudo. */
  readonly sudo: string | null;
  /** A server that can't be reached for so long is given up: how its running commands ended is unknown. */
  readonly giveUpAfterMs: number;
  /** Whether a command that succeeded is verified, where its tool can be. */
  readonly verify: boolean;
  /** How long folders of runs that have ended are kept on the server. */
  readonly keepRunsMs: number;
  /** Whether a redistribution begins with few recipients; left out or `null`: no. */
  readonly canary?: CanaryPolicy | null;
  /** Absolute path of the folder for runs; `null` for one below the home of the user that runs them. */
  readonly runFolder: string | null;
}

/** What to start: an id that names the run for ever, and exactly what runs. */
export interface RunRequest {
  /** `[A-Za-z0-9._-]+`; the same id never starts a second process. */
  readonly id: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** In octal (`0022`); left out: that of the login. */
  readonly umask?: string;
  /** false: only look for a run that was started before. */
  readonly mayStart: boolean;
}

/** What somebody who follows a run is told. */
export interface RunWatcher {
  /** What starts the run is sent: from now on it may have started. */
  onSend(): void;
  /** The server has the run. */
  onSeen(): void;
  /** Output, from its first byte, in order. */
  onOutput(chunk: Uint8Array): void;
}

export type RunOutcome =
  | { readonly outcome: 'exited'; readonly exitCode: number }
  /** No exit code and no process: nobody knows how far it got. */
  | { readonly outcome: 'unknown'; readonly reason: string }
  /** Nothing of it has run, and nothing will. */
  | { readonly outcome: 'not-started'; readonly reason: string }
  /** The server has no such run; only where it must not be started. */
  | { readonly outcome: 'missing' };

/** Reads logs and runs commands on distribution servers. Errors are `RestageError`s of kind `server-…`. */
export interface ServerAccess {
  /** What one of its logs says of the period, oldest file first; a missing directory is an error that says so. */
  readLogs(server: ServerProfile, query: LogQuery): Promise<readonly LogSlice[]>;
  /**
   * Returns the fingerprints of the host keys that are accepted of a server now, jump hosts' after its own.
   * @throws RestageError `server-host-key` if none is known.
   */
  hostKeys(server: ServerProfile): Promise<readonly string[]>;
  /** How far its clock is off, measured within the last minutes; `null` if it cannot be measured, as where only SFTP is allowed. */
  clockOf(server: ServerProfile): Promise<ClockReading | null>;
  /** Resolves when commands could be started on the server now. */
  reach(server: ServerProfile): Promise<void>;
  /** What is at these paths now, in their order. */
  measure(server: ServerProfile, paths: readonly string[]): Promise<readonly SourceFinding[]>;
  /**
   * Starts the run, or attaches to it when the server already has it, and follows it to its end.
   * A lost connection rejects with `server-unreachable`: call again to attach. All other errors stay.
   * Where `onSend` was not called, nothing has started.
   */
  run(
    server: ServerProfile,
    request: RunRequest,
    watcher: RunWatcher,
    signal: AbortSignal,
  ): Promise<RunOutcome>;
  /**
   * Ends everything that belongs to the run, and looks whether anything of it still lives. A run that the server does not have
   * can't be started any more.
   */
  stop(server: ServerProfile, id: string): Promise<{ readonly isOver: boolean }>;
  /** Removes what is kept of these runs on the server, as far as they have ended. */
  prune(server: ServerProfile, ids: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
