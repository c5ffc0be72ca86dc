import type { SeenSymptom } from '../domain/symptom.ts';

const dayMs = 86_400_000;

/** When a ticket's message next says that it is quiet for a day longer. */
export interface QuietDay {
  /** A day of quiet is full that the message does not say yet. */
  readonly isNew: boolean;
  /** When the next one is full; `null` if nothing is left to fail. */
  readonly nextAt: Date | null;
}

/**
 * Decides whether a ticket's message is due for another day of quiet. `checkAt` is when this look was due: a day that was
 * full before it was told by an earlier look. So each day is told once, however often the ticket is looked at.
 */
export function decideQuietDay(
  left: readonly Pick<SeenSymptom, 'lastAt'>[],
  now: Date,
  checkAt: Date | null,
): QuietDay {
  if (left.length === 0) return { isNew: false, nextAt: null };
  const last = Math.max(...left.map(({ lastAt }) => lastAt.getTime()));
  const days = Math.max(0, Math.floor((now.getTime() - last) / dayMs));
  const fullAt = last + days * dayMs;
  const isNew = days >= 1 && fullAt >= (checkAt?.getTime() ?? 0);
  return { isNew, nextAt: new Date(fullAt + dayMs) };
}
