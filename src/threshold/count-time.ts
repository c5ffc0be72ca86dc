export interface CountTime {
  /** The time at which the alert counts. */
  readonly at: Date;
  readonly reason: 'own-time' | 'clock-skew' | 'too-late';
}

/** A clock may run a little ahead. */
const aheadMs = 5 * 60_000;

/**
 * When an alert counts (A9): at its own time, however late its mail is within `latenessMs`. A time that lies ahead by
 * more than 5 minutes comes from a wrong clock; for that, and for mail that is later, the time of arrival stands in.
 */
export function decideCountTime(said: Date, receivedAt: Date, latenessMs: number): CountTime {
  const lateMs = receivedAt.getTime() - said.getTime();
  if (lateMs < -aheadMs) return { at: receivedAt, reason: 'clock-skew' };
  return lateMs > latenessMs ? { at: receivedAt, reason: 'too-late' } : { at: said, reason: 'own-time' };
}
