import { matchesGlob } from '../domain/glob.ts';
import type {
  EscalationPolicy,
  PageRule,
  PageSubject,
  PagingPolicy,
  PagingSwitch,
} from '../domain/paging.ts';

export type PageDecision =
  | {
      readonly page: true;
      readonly policy: EscalationPolicy;
      readonly rule: PageRule;
      /** When its first step is due. */
      readonly at: Date;
      readonly reason: 'rule-matches' | 'switched-off-until';
    }
  | {
      readonly page: false;
      readonly reason: 'no-rule-matches' | 'policy-not-configured' | 'switched-off';
      readonly off: PagingSwitch | null;
    };

/** Whether somebody is to be told about a ticket, by which policy and from when (A19). */
export function decidePage(
  subject: PageSubject,
  paging: Pick<PagingPolicy, 'rules' | 'policies'>,
  switches: readonly PagingSwitch[],
  now: Date,
): PageDecision {
  const rule = paging.rules.find((one) => fits(one, subject));
  if (!rule) return { page: false, reason: 'no-rule-matches', off: null };
  const policy = paging.policies.find(({ name }) => name === rule.policy);
  if (!policy) return { page: false, reason: 'policy-not-configured', off: null };
  const off = findSwitch(subject, switches, now);
  if (off?.until === null) return { page: false, reason: 'switched-off', off };
  const from = off?.until ?? now;
  const at = new Date(from.getTime() + (policy.steps[0]?.afterMs ?? 0));
  return { page: true, policy, rule, at, reason: off ? 'switched-off-until' : 'rule-matches' };
}

/** The switch that holds back pages about this subject; of several the one that holds longest. */
export function findSwitch(
  subject: Pick<PageSubject, 'device' | 'failure'>,
  switches: readonly PagingSwitch[],
  now: Date,
): PagingSwitch | null {
  const holding = switches.filter(
    ({ device, failure, until }) =>
      same(device, subject.device) &&
      (failure === null || same(failure, subject.failure)) &&
      (until === null || until > now),
  );
  const lasts = ({ until }: PagingSwitch) => until?.getTime() ?? Infinity;
  return holding.reduce<PagingSwitch | null>((a, b) => (a && lasts(a) >= lasts(b) ? a : b), null);
}

function fits(rule: PageRule, { device, failure, region, groups }: PageSubject): boolean {
  return (
    (rule.device === null || matchesGlob(device, rule.device)) &&
    (rule.failure === null || matchesGlob(failure, rule.failure)) &&
    (rule.region === null || (region !== null && matchesGlob(region, rule.region))) &&
    (rule.group === null || groups.some((group) => matchesGlob(group, rule.group ?? '')))
  );
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
