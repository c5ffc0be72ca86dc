/**
 * Limits on time, in milliseconds, in the order in which they take effect. A bot that vanishes in a transaction (stopped, or
 * its machine gone) is out of the way after `idleTransactionMs`. What it waits for itself is given up before that; a lock
 * that it is handed meanwhile is free again after both, which is less than the 15 s that are promised.
 */
export const limits = {
  /** The server gives up waiting for a lock; the transaction runs again. */
  lockMs: 6_000,
  /** Who was not given a lock in `lockMs` ends a session that has waited this long for the rest of a statement. */
  stoppedMs: 5_000,
  /** The server ends a session whose transaction waits for its client. */
  idleTransactionMs: 8_000,
  /** The server ends a session whose client acknowledges nothing. */
  unacknowledgedMs: 8_000,
  /** The server cancels a statement. */
  statementMs: 20_000,
  /** We end a session that answers nothing; longer than whatever the server ends with an answer. */
  silentMs: 25_000,
  /** The same for reading that may take long. */
  silentSnapshotMs: 3_600_000,
  /** The same for bringing the schema up to date, and for waiting until another bot has. */
  silentMigrationMs: 24 * 3_600_000,
  /** We give up a connection that is not made. */
  connectMs: 10_000,
  /** A session that was idle for so long is tried before it is used: a firewall may have forgotten it. */
  idleMs: 10_000,
  /** We end an idle session that does not answer when it is tried. */
  tryMs: 5_000,
  /** An older session is replaced: the server keeps more and more for it. */
  lifeMs: 45 * 60_000,
} as const;

/**
 * Settings of each session. Sent by `SET`, as poolers refuse most of them in the startup message
 * (@see https://www.pgbouncer.org/config.html#ignore_startup_parameters). A setting or value that the server does not know
 * is left out.
 */
export const settings = {
  // A plan for any value would miss the partial indexes.
  plan_cache_mode: 'force_custom_plan',
  // For long values, in a fraction of the time.
  default_toast_compression: 'lz4',
  statement_timeout: String(limits.statementMs),
  lock_timeout: String(limits.lockMs),
  idle_in_transaction_session_timeout: String(limits.idleTransactionMs),
  tcp_user_timeout: String(limits.unacknowledgedMs),
  tcp_keepalives_idle: '5',
  tcp_keepalives_interval: '2',
  tcp_keepalives_count: '3',
} as const;

/** Settings of a session that brings the schema up to date: only the connection is watched. */
export const migrationSettings = {
  tcp_user_timeout: settings.tcp_user_timeout,
  tcp_keepalives_idle: settings.tcp_keepalives_idle,
  tcp_keepalives_interval: settings.tcp_keepalives_interval,
  tcp_keepalives_count: settings.tcp_keepalives_count,
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
} as const;

/** Begins a transaction that sees one state of the database, changes nothing and may take long. */
export const beginSnapshot =
  'begin isolation level repeatable read read only; set local statement_timeout = 0; set local lock_timeout = 0';
