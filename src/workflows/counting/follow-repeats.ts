import { nameDevice } from '../../domain/device-name.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { ResolvedTicket } from '../../domain/store/symptoms.ts';
import type { LiveTicket } from '../../domain/store/tickets.ts';
import { symptomOf } from '../../domain/symptom.ts';
import { tellsOf } from '../../ticket/judge-symptom.ts';
import type { Deps } from '../deps.ts';
import { changeTicket } from '../ticket/change-ticket.ts';
import type { CountedAlert } from './counted-alert.ts';

/** What a sender says again about an occurrence, and when. */
interface Repeat {
  readonly occurrence: string;
  readonly at: Date;
}

/**
 * An id that is used again after what it named was cleared is a new occurrence (A9). Nothing is read where no id comes
 * again.
 */
export async function renewOccurrences(
  deps: Deps,
  tx: Tx,
  alerts: readonly CountedAlert[],
): Promise<readonly CountedAlert[]> {
  const named = alerts.filter(({ alertId, occurrence }) => alertId !== null && occurrence != null);
  const known = await tx.firstSeen([...new Set(named.flatMap(({ occurrence }) => occurrence ?? []))]);
  const again = new Set(named.filter(({ occurrence }) => known.has(occurrence ?? '')));
  if (again.size === 0) return alerts;
  const names = [...again].flatMap(({ subject, recipient }) => [subject.device, recipient ?? subject.device]);
  const since = new Date(Math.min(...[...known.values()].map((first) => first.getTime())));
  const evidence = await tx.evidenceFor([...new Set(names)], [], since);
  return alerts.map((alert) => {
    const first = known.get(alert.occurrence ?? '');
    if (!again.has(alert) || !first) return alert;
    const device = nameDevice(alert.device, deps.inventory);
    const symptom = { ...symptomOf({ ...alert, device }), ...seenOnce(alert.at) };
    const cleared = evidence.filter((one) => one.at > first && one.at < alert.at && tellsOf(one, symptom));
    const last = cleared.at(-1);
    if (!last) return alert;
    return { ...alert, occurrence: `${alert.occurrence}~${last.at.getTime().toString(36)}` };
  });
}

function seenOnce(at: Date) {
  return { ticketId: 0, firstAt: at, lastAt: at, longestGapMs: 0, occurrences: 1 };
}

/**
 * Opens tickets again that were closed before what they are about was said again: it has not ended. Returns the tickets
 * that stay closed, by the occurrence that they hold: what is older than their end belongs to them.
 */
export async function reopenRepeated(
  deps: Deps,
  tx: Tx,
  repeats: readonly Repeat[],
): Promise<ReadonlyMap<string, ResolvedTicket>> {
  if (repeats.length === 0) return new Map();
  const latest = new Map<string, Date>();
  for (const { occurrence, at } of repeats)
    latest.set(occurrence, new Date(Math.max(at.getTime(), latest.get(occurrence)?.getTime() ?? 0)));
  const ended = await tx.resolvedTicketsWith([...latest.keys()]);
  const due = ended.filter(
    ({ occurrence, resolvedAt }) => (latest.get(occurrence) ?? resolvedAt) > resolvedAt,
  );
  const live = await tx.liveTickets([...new Set(due.map(({ counter }) => counter))]);
  const reopened = new Set(due.filter(({ counter }) => !live.has(counter)).map(({ ticketId }) => ticketId));
  for (const ticketId of reopened) {
    const detail = { reason: 'still-fails' };
    await changeTicket(deps, tx, ticketId, { event: 'failed-again', by: null, detail });
  }
  const closed = ended.filter(({ ticketId }) => !reopened.has(ticketId));
  return new Map(closed.map((one) => [one.occurrence, one]));
}

/** The closed ticket that holds what an alert repeats; `null` if it was closed before the alert. */
export function closedTicketOf(
  { occurrence, at }: CountedAlert,
  closed: ReadonlyMap<string, ResolvedTicket>,
): LiveTicket | null {
  const ticket = closed.get(occurrence ?? '');
  if (!ticket || at > ticket.resolvedAt) return null;
  const unseen = {
    repairedAt: null,
    channel: null,
    postAt: null,
    countsFrom: null,
    metAt: null,
    firstAt: at,
  };
  return { id: ticket.ticketId, state: 'resolved', ...unseen };
}

/** Repeats among alerts that come, as far as an id says that they are some. */
export function repeatsAmong(alerts: readonly CountedAlert[]): readonly Repeat[] {
  return alerts.flatMap(({ alertId, occurrence, at }) =>
    alertId !== null && occurrence != null ? [{ occurrence, at }] : [],
  );
}
