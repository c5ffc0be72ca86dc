/** What a person asked for: the region, and the rest, which is the period. */
export interface ReportRequest {
  readonly region: string | null;
  readonly period: string;
}

const usualPeriod = 'last week';

/** Reads `[REGION] [PERIOD]`: the first word is a region if there is one of that name. */
export function readReportRequest(words: readonly string[], regions: readonly string[]): ReportRequest {
  const [first = '', ...rest] = words;
  const region = regions.find((name) => name.toLowerCase() === first.toLowerCase()) ?? null;
  const period = (region === null ? words : rest).join(' ');
  return { region, period: period || usualPeriod };
}
