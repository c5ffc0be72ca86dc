import type { AlertFields } from '../../domain/alert.ts';
import type { ThresholdRule } from '../../domain/policy.ts';
import { type Level, levels } from '../../domain/level.ts';
import { type Crowd, rootCounterOf } from '../../domain/root-cause.ts';
import type { AlertRecord } from '../../domain/store/alerts.ts';
import { outOfTotals } from '../../domain/store/outages.ts';
import type { LiveTicket } from '../../domain/store/tickets.ts';
import { counterOf, nameIn, withoutRule } from '../../threshold/counter.ts';
import { canCause, serverCauses } from '../../threshold/explainable.ts';
import { type AlertSubject, describeSubject } from '../../threshold/subject.ts';
import { selectRules } from '../../threshold/select-rule.ts';
import type { InspectionDeps } from '../deps.ts';
import type { Voiding } from '../outage/find-outages.ts';

/** Where an alert comes from. One that is counted anew keeps its id, and the outage that had taken it out. */
type Place = Pick<AlertRecord, 'id' | 'mailId' | 'ordinal' | 'outageId' | 'outageDevice'>;

/** What an alert adds to in a scope wider than a device. */
export interface WiderCount {
  readonly level: Level;
  readonly counter: string;
  readonly rule: ThresholdRule;
}

/** An alert with all that counting found out about it. */
export type CountedAlert = AlertFields &
  Place & {
    readonly subject: AlertSubject;
    /** The rule that counts it over its device; where none does, the narrowest that fits. */
    readonly rule: ThresholdRule | null;
    readonly counter: string;
    /** What it adds to in wider scopes, the strongest explanation first. */
    readonly wider: readonly WiderCount[];
    /** The servers whose failure would explain the alert: what it is about, and what its device is behind. */
    readonly ownRoot: string | null;
    readonly upstreamRoot: string | null;
  };

/**
 * Looks an alert up: which rule is it for, what does it add to, which server may be its cause? Here and below the fields
 * are spelled out: to spread an alert and add to it takes several times as long, and this is done for every one.
 */
export function lookUpAlert(
  deps: Pick<InspectionDeps, 'inventory' | 'policies'>,
  rules: readonly ThresholdRule[],
  alert: AlertFields,
  place: Place,
): CountedAlert {
  const subject = describeSubject(alert, deps.inventory);
  const { rule, counter, wider } = countersFor(rules, subject);
  const { ownRoot, upstreamRoot } = deps.policies.rootCause ? rootsOf(rule, subject) : noRoots;
  return {
    alertId: alert.alertId,
    region: alert.region,
    device: alert.device,
    address: alert.address ?? null,
    recipient: alert.recipient,
    domain: alert.domain,
    package: alert.package,
    failure: alert.failure,
    announced: alert.announced,
    distributionServer: alert.distributionServer,
    job: alert.job,
    service: alert.service ?? null,
    series: alert.series ?? null,
    attempt: alert.attempt,
    building: alert.building,
    room: alert.room,
    at: alert.at,
    occurrence: alert.occurrence ?? null,
    id: place.id,
    mailId: place.mailId,
    ordinal: place.ordinal,
    outageId: place.outageId,
    outageDevice: place.outageDevice,
    subject,
    rule,
    counter,
    wider,
    ownRoot,
    upstreamRoot,
  };
}

type Counters = Pick<CountedAlert, 'rule' | 'counter' | 'wider'>;

/** Each scope's rule counts for itself (A9). What an alert does not say it belongs to, it counts for over its device. */
function countersFor(rules: readonly ThresholdRule[], subject: AlertSubject): Counters {
  const selected = selectRules(rules, subject)
    .map(({ rule }) => rule)
    .filter((rule) => canCause(rule.over, subject.failure, rule));
  const isWide = (rule: ThresholdRule) => rule.over !== 'device' && nameIn(rule.over, subject) !== null;
  const wide = selected.filter(isWide);
  const wider: WiderCount[] = [];
  for (const level of wide.length > 0 ? levels : []) {
    for (const rule of wide)
      if (rule.over === level) wider.push({ level, counter: counterOf(rule, subject), rule });
  }
  const rule = selected.find((one) => !isWide(one)) ?? wide[0] ?? null;
  return { rule, counter: counterOf(rule ?? withoutRule, subject), wider };
}

const noRoots = { ownRoot: null, upstreamRoot: null } as const;

/** A rule with `instead` over more than a server has tickets about more than that. */
function rootsOf(
  rule: ThresholdRule | null,
  { device, upstream, failure, package: name, job }: AlertSubject,
): Pick<CountedAlert, 'ownRoot' | 'upstreamRoot'> {
  if (serverCauses(failure, name ?? job) === null) return noRoots;
  if (rule?.instead && rule.over !== 'device' && rule.over !== 'server') return noRoots;
  return { ownRoot: device, upstreamRoot: upstream };
}

/** The counters of the tickets that an alert can belong to; the first one that is live and reaches back so far has it. */
export function countersOf(alert: CountedAlert): readonly string[] {
  const counters: string[] = [];
  for (const level of levels) {
    if (level === 'root' || level === 'root-of-package') {
      for (const crowd of crowdsOf(alert, level)) counters.push(rootCounterOf(crowd));
    } else for (const one of alert.wider) if (one.level === level) counters.push(one.counter);
  }
  if (!counters.includes(alert.counter)) counters.push(alert.counter);
  return counters;
}

/** The crowds that an alert is of: at the server that it is about, and at the one that its device is behind. */
export function crowdsOf(
  { ownRoot, upstreamRoot, failure, package: name, job }: CountedAlert,
  level: 'root' | 'root-of-package',
): readonly Crowd[] {
  const shared = name ?? job;
  if (level === 'root-of-package' && (shared === null || serverCauses(failure, shared) === 'crowd'))
    return [];
  const servers = [ownRoot, upstreamRoot].filter((server) => server !== null);
  return servers.map((server) => ({ server, failure, name: level === 'root' ? null : shared }));
}

export interface PlacedAlert {
  readonly alert: CountedAlert;
  /** The ticket that took it in when it came. */
  readonly ticket: LiveTicket | null;
}

export function findTicket(alert: CountedAlert, live: ReadonlyMap<string, LiveTicket>): LiveTicket | null {
  return findOwner(alert, live)?.ticket ?? null;
}

/** The ticket that an alert belongs to, and its counter: the strongest explanation that is live and reaches back so far. */
export function findOwner(
  alert: CountedAlert,
  live: ReadonlyMap<string, LiveTicket>,
): { readonly counter: string; readonly ticket: LiveTicket } | null {
  for (const counter of countersOf(alert)) {
    const ticket = live.get(counter);
    if (ticket && (ticket.countsFrom === null || alert.at >= ticket.countsFrom)) return { counter, ticket };
  }
  return null;
}

/**
 * Whether an alert can make a window that begins before the ticket does: it lies before the ticket's beginning, or so
 * shortly after it that it may be the one that an earlier window lacked.
 */
export function mayExtend(at: Date, ticket: LiveTicket | null, withinMs: number): boolean {
  if (!ticket) return true;
  return ticket.countsFrom !== null && at.getTime() < ticket.countsFrom.getTime() + withinMs;
}

export function isShown({ state }: Pick<LiveTicket, 'state'>): boolean {
  return state !== 'candidate' && state !== 'held';
}

/** An alert whose time has passed when it comes. */
export function toPastRecord(alert: CountedAlert): AlertRecord {
  return { ...toAlertRecord(alert, null), state: 'expired', reason: 'window-passed', wider: [] };
}

/** An alert that happened while its device was out for maintenance. */
export function toVoidedRecord(alert: CountedAlert, { outage, device }: Voiding): AlertRecord {
  const voided = { state: 'voided', reason: outOfTotals, ticketId: null, wider: [] } as const;
  return { ...toAlertRecord(alert, null), ...voided, outageId: outage.id, outageDevice: device };
}

export function toAlertRecord(alert: CountedAlert, ticket: LiveTicket | null): AlertRecord {
  const { subject, rule } = alert;
  const { state, reason } = standingIn(ticket);
  return {
    alertId: alert.alertId,
    region: alert.region,
    device: alert.device,
    address: alert.address ?? null,
    recipient: alert.recipient,
    domain: alert.domain,
    package: alert.package,
    failure: alert.failure,
    announced: alert.announced,
    distributionServer: alert.distributionServer,
    job: alert.job,
    service: alert.service ?? null,
    series: alert.series ?? null,
    attempt: alert.attempt,
    building: alert.building,
    room: alert.room,
    at: alert.at,
    occurrence: alert.occurrence ?? null,
    id: alert.id,
    mailId: alert.mailId,
    ordinal: alert.ordinal,
    outageId: alert.outageId,
    outageDevice: alert.outageDevice,
    counter: alert.counter,
    ownRoot: alert.ownRoot,
    upstreamRoot: alert.upstreamRoot,
    deviceName: subject.device,
    inRegion: subject.region?.toLowerCase() ?? null,
    inBuilding: subject.building?.toLowerCase() ?? null,
    ruleId: rule?.id ?? 'none',
    wider: alert.wider,
    ticketId: ticket?.id ?? null,
    state,
    reason,
  };
}

function standingIn(ticket: LiveTicket | null): Pick<AlertRecord, 'state' | 'reason'> {
  if (!ticket) return { state: 'counted', reason: 'below-threshold' };
  if (isShown(ticket)) return { state: 'ticketed', reason: 'ticket-is-open' };
  return { state: 'held', reason: 'ticket-under-examination' };
}
