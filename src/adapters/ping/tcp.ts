import { connect } from 'node:net';
import type { PortResult } from '../../domain/diagnosis.ts';

/** Asks a port for a connection (RFC 9293): accepted, refused by the host itself, or no answer in time. */
export function askPort(
  ip: string,
  port: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<PortResult> {
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const socket = connect({ host: ip, port, signal });
    const settle = (result: PortResult['result']) => {
      socket.destroy();
      const rttMs = result === 'silent' ? null : Math.round(performance.now() - startedMs);
      resolve({ port, result, rttMs });
    };
    socket.setTimeout(timeoutMs, () => settle('silent'));
    socket.once('connect', () => settle('open'));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(error);
      else settle(error.code === 'ECONNREFUSED' ? 'refused' : 'silent');
    });
  });
}
