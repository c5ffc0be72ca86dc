import type { MetricsSnapshot } from '../domain/metrics.ts';
import type { HeartbeatRecord } from '../domain/store/heartbeats.ts';
import type { Deps } from './deps.ts';

/** The numbers of now, all of one moment. */
export async function readMetrics(
  deps: Pick<Deps, 'store' | 'clock' | 'intakeHealth'>,
): Promise<MetricsSnapshot> {
  const { sums, deliveries, records } = await deps.store.snapshot(async (tx) => ({
    sums: await tx.sums(),
    deliveries: await tx.deliveryCounts(),
    records: await tx.heartbeats(),
  }));
  const now = deps.clock.now().getTime();
  const numbers = (read: (record: HeartbeatRecord) => number | null) =>
    Object.fromEntries(
      records
        .map((record) => [record.intake, read(record)] as const)
        .filter((entry): entry is readonly [string, number] => entry[1] !== null),
    );
  return {
    mails: sums.mails,
    alerts: sums.alerts,
    tickets: sums.tickets,
    deliveries,
    lagSeconds: numbers(({ lagMs }) => (lagMs === null ? null : lagMs / 1000)),
    lastMailSeconds: numbers(({ lastMailAt }) => lastMailAt && (now - lastMailAt.getTime()) / 1000),
    connected: Object.fromEntries(
      deps.intakeHealth().map(({ intake, connected }) => [intake, connected ? 1 : 0]),
    ),
  };
}
