import type { LogQuery, LogSlice, LogSource } from './log-source.ts';
import type { CommandTemplate } from './redistribution.ts';

/** A distribution server as the config describes it. */
export interface ServerProfile {
  /** Short name, as typed in `/redistribute`. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly privateKeyFile: string;
  /** Pinned fingerprint `SHA256:…`; null: use known_hosts. */
  readonly hostKey: string | null;
  readonly knownHostsFile: string | null;
  /** Where the server says what it distributed. */
  readonly logs: readonly LogSource[];
  /** Path of the recorder on that host, through which a re-run goes; null: the command runs as it is. */
  readonly recorder: string | null;
  /** Where its redistributions are talked about; null: where somebody asks for them. */
  readonly channel: string | null;
  readonly allowed: readonly CommandTemplate[];
  /** A command still running after this long is stopped and ends as failed. */
  readonly commandTimeoutMs: number;
}

/** What to start: an id that names the run for ever, and exactly what runs. */
export interface RunRequest {
  /** `[A-Za-z0-9._-]+`; the same id never starts a second process. */
  readonly id: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** false: only look for a run that was started before. */
  readonly mayStart: boolean;
}

/** What somebody who follows a run is told; the run goes on when a promise resolves, and is left alone when it rejects. */
export interface RunWatcher {
  /** What starts the run is about to be sent: from now on it may have started. */
  onStart(): Promise<void>;
  /** The server has the run. */
  onSeen(): Promise<void>;
  /** Output, from its first byte, in order. */
  onOutput(chunk: Uint8Array): void;
}

export type RunOutcome =
  | { readonly outcome: 'exited'; readonly exitCode: number }
  /** No exit code and no process: nobody knows how far it got. */
  | { readonly outcome: 'unknown'; readonly reason: string }
  /** The server has no such run; only where it must not be started. */
  | { readonly outcome: 'missing' };

/** Reads logs and runs commands on distribution servers. Errors are `RestageError`s of kind `server-…`. */
export interface ServerAccess {
  /** What one of its logs says of the period, oldest file first; a missing directory is an error that says so. */
  readLogs(server: ServerProfile, query: LogQuery): Promise<readonly LogSlice[]>;
  /**
   * Starts the run, or attaches to it when the server already has it, and follows it to its end.
   * A lost connection rejects with `server-unreachable`: call again to attach. All other errors stay.
   * Where `onStart` was not called, the run has not started.
   */
  run(
    server: ServerProfile,
    request: RunRequest,
    watcher: RunWatcher,
    signal: AbortSignal,
  ): Promise<RunOutcome>;
  close(): Promise<void>;
}
