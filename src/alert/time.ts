const dayMs = 24 * 60 * 60 * 1000;
/** A queue may have kept a mail for days; a clock runs a little ahead. Anything else is a wrong clock. */
const oldestMs = 7 * dayMs;
const aheadMs = 5 * 60 * 1000;

const endsWithZone = /(?:z|gmt|utc|[+-]\d{2}:?\d{2})(?:\s*\([^)]*\))?$/i;

/** Reads ISO 8601 and RFC 5322 times; without a zone they are UTC. null when it is no time. */
export function readTime(text: string | undefined): Date | null {
  if (text === undefined) return null;
  const time = new Date(
    endsWithZone.test(text) ? text : `${text.trim().replace(/^(\d{4}-\d\d-\d\d)$/, '$1T00:00')}Z`,
  );
  return Number.isNaN(time.getTime()) ? null : time;
}

/** The first time that lies between 7 days before and 5 minutes after `receivedAt`; else `receivedAt`. */
export function withinReason(candidates: readonly (Date | null)[], receivedAt: Date): Date {
  const earliest = receivedAt.getTime() - oldestMs;
  const latest = receivedAt.getTime() + aheadMs;
  const time = candidates.find(
    (each) => each !== null && each.getTime() >= earliest && each.getTime() <= latest,
  );
  return time ?? receivedAt;
}
