import type { PagingPolicy } from '../domain/paging.ts';
import { formatWall, readWall } from '../domain/zoned-time.ts';
import { findGap } from '../paging/find-gap.ts';
import type { CrossFault } from './faults.ts';

/** What may be meant so, but is often a slip: steps of a policy that at times reach nobody (A19). */
export function findWarnings({ paging }: { readonly paging: PagingPolicy }): readonly CrossFault[] {
  return paging.policies.flatMap((policy) =>
    policy.steps.flatMap((step, index): CrossFault[] => {
      const gap = findGap(step, paging.schedules);
      if (!gap) return [];
      const zone = zoneOf(step.notify[0], paging);
      const show = (at: Date) => formatWall(readWall(at, zone));
      return [
        {
          path: ['paging', 'policies', policy.name, 'steps', index],
          message: `at times reaches nobody, for the first time from ${show(gap.from)} to ${show(gap.until)} (${zone})`,
          hint: 'Pages go on to the next step at once then; add somebody, or leave it so.',
        },
      ];
    }),
  );
}

function zoneOf(
  target: PagingPolicy['policies'][number]['steps'][number]['notify'][number] | undefined,
  { schedules }: PagingPolicy,
): string {
  const schedule = target?.kind === 'schedule' && schedules.find(({ name }) => name === target.name);
  return schedule && schedule.kind === 'rotation' ? schedule.timeZone : 'UTC';
}
