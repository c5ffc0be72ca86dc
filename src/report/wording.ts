import type { Compared, ReportGroup, Tally } from '../domain/report.ts';

/** Headings, by what is counted. */
export const groupTitles: Readonly<Record<ReportGroup, string>> = {
  failure: 'Failures by type',
  server: 'Failures by server',
  package: 'Failures by package',
  building: 'Failures by building',
  device: 'Top devices',
};

/** `+50 %`, `-20 %`, `new`, `same`; empty where nothing happened in either period. */
export function describeChange({ now, before }: Compared): string {
  if (now === before) return now === 0 ? '' : 'same';
  if (before === 0) return 'new';
  const percent = Math.round(((now - before) / before) * 100);
  return `${percent > 0 ? '+' : ''}${percent} %`;
}

/** What an alert did not say has a name too. */
export function nameOf({ name }: Tally): string {
  return name ?? 'not said';
}
