import type { RunOutcome } from '../../domain/server.ts';
import type { RunReport } from './run-report.ts';

export const neverStarted: RunOutcome = {
  outcome: 'unknown',
  reason:
    'the server took the run but its process never showed itself; it was probably cut off while starting',
};

export const vanished: RunOutcome = {
  outcome: 'unknown',
  reason: 'the server does not have the run any more; its folder was removed',
};

/** How a run has ended; null: it goes on. */
export function decideOutcome({ state, detail }: RunReport): RunOutcome | null {
  if (state === 'starting' || state === 'running') return null;
  if (state === 'exit' && /^\d{1,3}$/.test(detail)) return { outcome: 'exited', exitCode: Number(detail) };
  if (state === 'exit' && detail === 'never') {
    return { outcome: 'not-started', reason: 'it was stopped before it began' };
  }
  const reason =
    detail === 'rebooted'
      ? 'the server was restarted while the command ran; it left no exit code'
      : 'the process is gone and left no exit code; it was probably killed';
  return { outcome: 'unknown', reason };
}
