import type { CrossFault } from './faults.ts';
import { at, itemsAt, membersAt } from './raw-data.ts';
import { namePlan } from './schema-report.ts';
import { suggestWord } from '../domain/suggest.ts';

/** What the keys of `reports` say together (A20): their regions exist, and no two of them are the same report. */
export function checkReports(raw: unknown): readonly CrossFault[] {
  const plans = itemsAt(raw, ['reports']);
  const regions = membersAt(raw, ['routing', 'regions']).map(({ name }) => name);
  const known = new Set(regions.map((name) => name.toLowerCase()));
  const seen = new Set<string>();
  return plans.flatMap(({ path, value }): CrossFault[] => {
    const region = at(value, ['region']);
    if (typeof region === 'string' && !known.has(region.toLowerCase())) {
      const meant = suggestWord(region, regions);
      const hint = meant === null ? `Known here: ${regions.join(', ') || 'none'}.` : `Did you mean ${meant}?`;
      return [{ path: [...path, 'region'], message: 'is no region of routing.regions', hint }];
    }
    const what = namePlan(value);
    if (what === null) return [];
    const isKnown = seen.has(what);
    seen.add(what);
    const hint = 'Remove one of them, or give it another time, channel or period.';
    return isKnown ? [{ path, message: 'is the same report as one above', hint }] : [];
  });
}
