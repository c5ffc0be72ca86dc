import type { PagingPolicy } from '../domain/paging.ts';
import { formatWall, readWall } from '../domain/zoned-time.ts';
import { findGap } from '../paging/find-gap.ts';
import type { Config } from './config.ts';
import type { CrossFault } from './faults.ts';
import { warnOfChangedThresholds } from './threshold-warnings.ts';

/**
 * Returns what may be meant so, but is often a slip: no way in for alerts, pages that at times reach nobody (A19), a tool
 * that a planted directory can steer (B10), and thresholds that did something else in an earlier version (A9).
 */
export function findWarnings(
  config: Pick<Config, 'intake' | 'paging' | 'servers' | 'thresholds'>,
): readonly CrossFault[] {
  return [
    ...warnOfIntake(config),
    ...warnOfChangedThresholds(config.thresholds),
    ...warnOfGaps(config),
    ...warnOfDirectories(config),
  ];
}

/** Each reads a config of its own, or what it runs, from the directory that it is started in. */
const steeredByDirectory = new Set(
  [
    'ansible ansible-playbook ansible-pull ansible-console make gmake bmake ninja cmake just task rake bundle npm npx yarn pnpm',
    'git hg svn ant mvn gradle cargo composer fab invoke cap tox pytest terraform tofu vagrant packer docker-compose podman-compose',
    'puppet knife salt-ssh',
  ].flatMap((line) => line.split(' ')),
);

function warnOfDirectories({ servers }: Pick<Config, 'servers'>): readonly CrossFault[] {
  return servers.flatMap(({ name, allowed }) =>
    allowed.flatMap(({ program, directories }, index): CrossFault[] => {
      const tool = program.split('/').at(-1) ?? '';
      if (directories.length > 0 || !steeredByDirectory.has(tool)) return [];
      return [
        {
          path: ['servers', name, 'allow', index],
          message: `allows ${tool} in any directory, and ${tool} does what the files there say`,
          hint: 'Add directories: the ones that only those may write who may change what runs.',
        },
      ];
    }),
  );
}

function warnOfIntake({ intake: { imap, smtp, http } }: Pick<Config, 'intake'>): readonly CrossFault[] {
  if (imap.length > 0 || smtp !== null || http !== null) return [];
  const hint = 'Name a mailbox (imap), or have Restage listen (smtp, http).';
  return [{ path: ['intake'], message: 'has no way in: no alert will ever arrive', hint }];
}

function warnOfGaps({ paging }: Pick<Config, 'paging'>): readonly CrossFault[] {
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
