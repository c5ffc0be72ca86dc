import type { Durations, ReportCounts, ReportGroup, Tally } from '../domain/report.ts';
import { describeChange, groupTitles, nameOf } from './wording.ts';

/** How times are shown, given by who shows them. */
export type ShowDuration = (ms: number) => string;

const namesInText = 3;

/** The report in sentences, for who can't see it; plain text, with names from outside as they are. */
export function describeReport(title: string, counts: ReportCounts, showDuration: ShowDuration): string {
  const { alerts, opened, resolved, groups, acknowledged, repaired } = counts;
  if (alerts.now === 0 && opened.now === 0 && resolved.now === 0) {
    return `${title}: no alerts and no tickets (${alerts.before} alerts in the period before).`;
  }
  const tops = (['failure', 'server', 'package', 'building', 'device'] as const)
    .filter((group) => groups[group].length > 0)
    .map((group) => `${groupTitles[group]}: ${listTop(groups, group)}.`);
  return [
    `${title}: ${alerts.now} alerts (${alerts.before} before${changeOf(alerts)}), ` +
      `${opened.now} tickets opened (${opened.before}), ${resolved.now} resolved (${resolved.before}).`,
    `Time to acknowledge: ${describeDurations(acknowledged.now, showDuration)}.`,
    `Time to repair: ${describeDurations(repaired.now, showDuration)}.`,
    ...tops,
  ].join(' ');
}

/** `median 4 min, 90 % within 20 min (12 tickets)`. */
function describeDurations({ count, medianMs, p90Ms }: Durations, showDuration: ShowDuration): string {
  if (medianMs === null || p90Ms === null) return 'none yet';
  const tickets = count === 1 ? '1 ticket' : `${count} tickets`;
  return `median ${showDuration(medianMs)}, 90 % within ${showDuration(p90Ms)} (${tickets})`;
}

function listTop(groups: Readonly<Record<ReportGroup, readonly Tally[]>>, group: ReportGroup): string {
  return groups[group]
    .slice(0, namesInText)
    .map((tally) => `${nameOf(tally)} ${tally.now} (${tally.before} before)`)
    .join(', ');
}

function changeOf(compared: { readonly now: number; readonly before: number }): string {
  const change = describeChange(compared);
  return change === '' ? '' : `, ${change}`;
}
