import type { HealthCheck } from '../../domain/health.ts';
import type { Log } from '../../domain/log.ts';
import { type Reply, tryAgain } from './replies.ts';

/** Numbers in Prometheus' text format. */
export interface MetricsText {
  readonly contentType: string;
  readonly text: string;
}

/** 200 if no check fails, else 503; the body names every check with its state and reason. */
export function showChecks(checks: readonly HealthCheck[]): Reply {
  const isWell = checks.every(({ state }) => state !== 'failed');
  return { status: isWell ? 200 : 503, body: { status: isWell ? 'ok' : 'failed', checks } };
}

export async function showMetrics(read: () => Promise<MetricsText>, log: Log): Promise<Reply> {
  const metrics = await read().catch((error: unknown) => {
    log.warn({ error: String(error) }, 'metrics not gathered');
    throw tryAgain(503, 'the database can not be reached');
  });
  return { status: 200, ...metrics };
}
