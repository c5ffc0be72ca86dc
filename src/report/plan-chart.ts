import type { Chart, ReportCounts, ReportGroup } from '../domain/report.ts';
import { groupTitles, nameOf } from './wording.ts';

const groupsDrawn = ['failure', 'server', 'package'] as const satisfies readonly ReportGroup[];
const barsEach = 6;
const longestLabel = 28;
/** Longer ones are read to nobody's end. */
const longestDescription = 1_000;

/** The picture of a report: what failed most often, beside the period before. null: there is nothing to draw. */
export function planChart(title: string, { groups }: ReportCounts): Chart | null {
  const panels = groupsDrawn
    .filter((group) => groups[group].length > 0)
    .map((group) => ({
      title: groupTitles[group],
      bars: groups[group]
        .slice(0, barsEach)
        .map((tally) => ({ label: shorten(nameOf(tally), longestLabel), values: [tally.now, tally.before] })),
    }));
  return panels.length === 0 ? null : { title, series: ['this period', 'the period before'], panels };
}

/** What the picture shows, in words. */
export function describeChart({ title, panels }: Chart): string {
  const parts = panels.map((panel) => {
    const bars = panel.bars.map(
      ({ label, values: [now = 0, before = 0] }) => `${label} ${now}, before ${before}`,
    );
    return `${panel.title}: ${bars.join('; ')}.`;
  });
  return shorten(`Bar chart. ${title}. ${parts.join(' ')}`, longestDescription);
}

/** Cut between code points: half a character is none. */
function shorten(text: string, longest: number): string {
  const points = Array.from(text);
  return points.length <= longest ? text : `${points.slice(0, longest - 1).join('')}…`;
}
