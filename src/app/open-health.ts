import { createHealthListener, type HealthListener } from '../adapters/http/health-listener.ts';
import { createMetrics, type Metrics } from '../adapters/metrics/metrics.ts';
import type { Database } from '../adapters/postgres/database.ts';
import type { Config } from '../config/config.ts';
import type { HealthCheck } from '../domain/health.ts';
import type { Deps } from '../workflows/deps.ts';
import { checkReadiness } from '../workflows/health/check-readiness.ts';
import { readMetrics } from '../workflows/read-metrics.ts';
import { createSharedAnswer } from './shared-answer.ts';

/** How the whole bot is, for whoever asks. */
export interface Health {
  readonly metrics: Metrics;
  /** Never rejects. */
  readonly readiness: () => Promise<readonly HealthCheck[]>;
  readonly listener: HealthListener;
  /** Until this is called the bot is still starting, and not ready. */
  noteStarted(): void;
}

export function openHealth({ health }: Config, deps: Deps, database: Database): Health {
  const metrics = createMetrics(() => readMetrics(deps));
  let isStarted = false;
  const readiness = createSharedAnswer(() => checkReadiness(deps, isStarted));
  const listener = createHealthListener({
    ...health,
    threadSilentMs: () => database.silentMs?.() ?? null,
    readiness,
    metrics: () => metrics.render(),
    log: deps.log,
  });
  return {
    metrics,
    readiness,
    listener,
    noteStarted() {
      isStarted = true;
    },
  };
}
