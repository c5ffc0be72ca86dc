const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
/** Ten years: nothing here takes longer, and every date stays a date. */
const longestMs = 3650 * 86_400_000;

/** Reads `30s`, `5m`, `2h`, `1d`, `2w` (and `0s`, `500ms`) as ms; null for anything else. */
export function parseDuration(text: string): number | null {
  const [, amount, unit = ''] = /^(\d{1,12})\s*(ms|s|m|h|d|w)$/.exec(text.trim()) ?? [];
  const ms = amount === undefined ? null : Number(amount) * (unitMs[unit] ?? 0);
  return ms !== null && ms <= longestMs ? ms : null;
}
