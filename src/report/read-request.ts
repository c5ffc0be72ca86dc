/** What a person asked for: the region, and the rest, which is the period. */
export interface ReportRequest {
  readonly region: string | null;
  readonly period: string;
}

const usualPeriod = 'last week';

/** Reads `[REGION] [PERIOD]`: it begins with a region's name, which may be several words, or with the period. */
export function readReportRequest(words: readonly string[], regions: readonly string[]): ReportRequest {
  const text = words.join(' ');
  const isNamed = (name: string) => `${text} `.toLowerCase().startsWith(`${name.toLowerCase()} `);
  const [region = null] = regions.filter(isNamed).toSorted((a, b) => b.length - a.length);
  return { region, period: text.slice(region?.length ?? 0).trim() || usualPeriod };
}
