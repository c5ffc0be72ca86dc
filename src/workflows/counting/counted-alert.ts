import type { AlertFields } from '../../domain/alert.ts';
import type { ThresholdRule } from '../../domain/policy.ts';
import { rootCounterOf } from '../../domain/root-cause.ts';
import type { AlertRecord } from '../../domain/store/alerts.ts';
import { outOfTotals } from '../../domain/store/outages.ts';
import type { LiveTicket } from '../../domain/store/tickets.ts';
import { counterOf, scopeOf, subjectOf, withoutRule } from '../../threshold/counter.ts';
import { type AlertSubject, describeSubject } from '../../threshold/subject.ts';
import { selectRule } from '../../threshold/select-rule.ts';
import type { InspectionDeps } from '../deps.ts';
import type { Voiding } from '../outage/find-outages.ts';

/** Where an alert comes from. One that is counted anew keeps its id, and the outage that had taken it out. */
type Place = Pick<AlertRecord, 'id' | 'mailId' | 'ordinal' | 'outageId' | 'outageDevice'>;

/** An alert with all that counting found out about it. */
export type CountedAlert = AlertFields &
  Place & {
    readonly subject: AlertSubject;
    readonly rule: ThresholdRule | null;
    readonly counter: string;
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
  const rule = selectRule(rules, subject)?.rule ?? null;
  const counter = counterOf(rule ?? withoutRule, subject);
  const { ownRoot, upstreamRoot } = deps.policies.rootCause ? rootsOf(counter, subject) : noRoots;
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
    ownRoot,
    upstreamRoot,
  };
}

const noRoots = { ownRoot: null, upstreamRoot: null } as const;

/**
 * What counts over a device may be explained by the server that it is behind, what counts over a server by that
 * server. What counts over more than that has a ticket about more than that.
 */
function rootsOf(
  counter: string,
  { upstream }: AlertSubject,
): Pick<CountedAlert, 'ownRoot' | 'upstreamRoot'> {
  const scope = scopeOf(counter);
  const own = subjectOf(counter);
  if (scope === 'device') return { ownRoot: own, upstreamRoot: upstream };
  if (scope === 'server') return { ownRoot: own, upstreamRoot: upstream === own ? own : null };
  return noRoots;
}

/** The counters of the tickets that an alert can belong to; the first one that is live and reaches back so far has it. */
export function countersOf({ ownRoot, upstreamRoot, counter }: CountedAlert): readonly string[] {
  const roots = [ownRoot, upstreamRoot].filter((root) => root !== null);
  return [...roots.map(rootCounterOf), counter];
}

export interface PlacedAlert {
  readonly alert: CountedAlert;
  /** The ticket that took it in when it came. */
  readonly ticket: LiveTicket | null;
}

export function findTicket(alert: CountedAlert, live: ReadonlyMap<string, LiveTicket>): LiveTicket | null {
  const tickets = countersOf(alert).flatMap((counter) => live.get(counter) ?? []);
  return tickets.find(({ countsFrom }) => countsFrom === null || alert.at >= countsFrom) ?? null;
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
  return { ...toAlertRecord(alert, null), state: 'expired', reason: 'window-passed' };
}

/** An alert that happened while its device was out for maintenance. */
export function toVoidedRecord(alert: CountedAlert, { outage, device }: Voiding): AlertRecord {
  const voided = { state: 'voided', reason: outOfTotals, ticketId: null } as const;
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
