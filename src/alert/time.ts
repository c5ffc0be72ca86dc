const endsWithZone = /(?:z|gmt|utc|[+-]\d{2}:?\d{2})(?:\s*\([^)]*\))?$/i;

/** Reads ISO 8601 and RFC 5322 times; without a zone they are UTC. null when it is no time. */
export function readTime(text: string | undefined): Date | null {
  if (text === undefined) return null;
  const time = new Date(
    endsWithZone.test(text) ? text : `${text.trim().replace(/^(\d{4}-\d\d-\d\d)$/, '$1T00:00')}Z`,
  );
  return Number.isNaN(time.getTime()) ? null : time;
}
