import { Gauge, Registry } from 'prom-client';
import type { MetricsSnapshot } from '../../domain/metrics.ts';

export interface Metrics {
  /** The numbers of now, in Prometheus' text format. Rejects when they can't be read. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Counting millions of rows takes its time: of all time, reading takes one part in so many at most. */
const shareOfTime = 20;

/**
 * Metrics that are read from the database when somebody asks: two bots on one database say the same. What took long to
 * read is kept for twenty times as long, and those who ask at once get the same answer, however often they ask.
 */
export function createMetrics(
  read: () => Promise<MetricsSnapshot>,
  nowMs: () => number = () => performance.now(),
): Metrics {
  const readSparingly = createSparingRead(read, nowMs);
  const registry = new Registry();
  const gauge = (name: string, help: string, label: string) =>
    new Gauge({ name, help, labelNames: [label], registers: [registry] });
  const mails = gauge(
    'restage_mails',
    'Mails and JSON alerts taken in, by the state in which they ended.',
    'state',
  );
  const alerts = gauge('restage_alerts', 'Alerts, by state.', 'state');
  const tickets = gauge('restage_tickets', 'Tickets, by state.', 'state');
  const deliveries = gauge('restage_deliveries', 'Messages to Slack, by state.', 'state');
  const lag = gauge('restage_intake_lag_seconds', 'From receipt to commit, at the last batch.', 'intake');
  const age = gauge('restage_intake_last_mail_seconds', 'Since the last mail of an intake.', 'intake');
  const connected = gauge('restage_intake_connected', '1: the intake is connected or listens.', 'intake');

  return {
    async render() {
      const snapshot = await readSparingly();
      fill(mails, 'state', snapshot.mails);
      fill(alerts, 'state', snapshot.alerts);
      fill(tickets, 'state', snapshot.tickets);
      fill(deliveries, 'state', snapshot.deliveries);
      fill(lag, 'intake', snapshot.lagSeconds);
      fill(age, 'intake', snapshot.lastMailSeconds);
      fill(connected, 'intake', snapshot.connected);
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

function createSparingRead(read: () => Promise<MetricsSnapshot>, nowMs: () => number) {
  let kept: Promise<MetricsSnapshot> | null = null;
  let keptUntilMs = 0;
  const readAnew = async () => {
    const startedMs = nowMs();
    keptUntilMs = Infinity;
    try {
      const snapshot = await read();
      keptUntilMs = nowMs() + (nowMs() - startedMs) * shareOfTime;
      return snapshot;
    } catch (error) {
      kept = null;
      throw error;
    }
  };
  return () => {
    if (kept === null || nowMs() >= keptUntilMs) kept = readAnew();
    return kept;
  };
}

function fill(gauge: Gauge, label: string, values: Readonly<Record<string, number>>): void {
  gauge.reset();
  for (const [name, value] of Object.entries(values)) gauge.set({ [label]: name }, value);
}
