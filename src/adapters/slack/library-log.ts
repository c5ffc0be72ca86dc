import { LogLevel } from '@slack/bolt';
import type { Log } from '../../domain/log.ts';

/** What Slack's libraries expect of a logger. */
export interface LibraryLog {
  debug(...said: unknown[]): void;
  info(...said: unknown[]): void;
  warn(...said: unknown[]): void;
  error(...said: unknown[]): void;
  setLevel(level: LogLevel): void;
  getLevel(): LogLevel;
  setName(name: string): void;
}

/**
 * Hands on what Slack's libraries warn of. Their debug output is dropped: it holds whole payloads. Errors are
 * warnings here, because whoever made the call reports what came of it.
 */
export function createLibraryLog(log: Log): LibraryLog {
  const warn = (...said: unknown[]): void =>
    log.warn({ said: said.map(withoutTokens).join(' ') }, 'slack library');
  return {
    debug: () => undefined,
    info: () => undefined,
    warn,
    error: warn,
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}

/** Slack's tokens (`xoxb-…`, `xapp-…`) and the tickets in websocket addresses. */
function withoutTokens(said: unknown): string {
  return String(said)
    .replaceAll(/\b(xox[a-z]|xapp)-[\w-]+/g, '$1-…')
    .replaceAll(/\bticket=[\w-]+/g, 'ticket=…');
}
