/** What `GET /metrics` tells, each number by its state or intake. */
export interface MetricsSnapshot {
  readonly mails: Readonly<Record<string, number>>;
  readonly alerts: Readonly<Record<string, number>>;
  readonly tickets: Readonly<Record<string, number>>;
  readonly deliveries: Readonly<Record<string, number>>;
  /** From receipt to commit of the last batch. */
  readonly lagSeconds: Readonly<Record<string, number>>;
  readonly lastMailSeconds: Readonly<Record<string, number>>;
  readonly connected: Readonly<Record<string, number>>;
}
