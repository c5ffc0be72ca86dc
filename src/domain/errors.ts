/** Codes that callers act upon; the message is for people. */
export type ErrorCode =
  | 'config-invalid'
  | 'database-unavailable'
  | 'data-folder-locked'
  | 'server-unreachable'
  | 'server-authentication'
  | 'server-host-key'
  | 'server-refused'
  | 'server-logs-missing'
  | 'period-invalid'
  | 'inventory-invalid'
  | 'source-unreadable'
  | 'source-invalid'
  | 'mail-unreadable'
  | 'input-invalid'
  | 'listen-failed'
  | 'not-running';

/** An error whose cause is known: a code to act upon, and a message that says what to do. */
export class RestageError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RestageError';
    this.code = code;
  }
}
