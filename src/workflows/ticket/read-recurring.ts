import type { Recurring, ResolvedBefore, StoredProblem } from '../../domain/recurring.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import type { RecurringView } from '../../messages/recurring.ts';
import { levelOf, subjectOf } from '../../threshold/counter.ts';
import { decideRecurring, recurringWithinMs } from '../../ticket/recurring.ts';
import type { Deps } from '../deps.ts';
import { findPosted, type Row } from './list-tickets.ts';
import { spellingsOf } from './read-symptoms.ts';

type Ticket = Pick<TicketRecord, 'id' | 'counter' | 'failure' | 'subject' | 'region' | 'resolvedAt'>;
type Reading = Pick<Deps, 'inventory' | 'policies' | 'clock'>;

/** A ticket whose problem fails again and again. */
export interface RecurringTicket {
  readonly ticket: Ticket;
  readonly recurring: Recurring;
  /** The ticket that was about it before; `null` if none was in these weeks. */
  readonly before: ResolvedBefore | null;
}

/**
 * Finds the tickets whose problem fails again and again: by all its alerts of the last weeks, whether or not they came to a
 * ticket, under every name that its device has or had. A ticket that is over is judged as of its end.
 */
export async function readRecurring(
  deps: Reading,
  tx: Tx,
  tickets: readonly Ticket[],
): Promise<readonly RecurringTicket[]> {
  if (tickets.length === 0) return [];
  const now = deps.clock.now();
  const since = new Date(now.getTime() - recurringWithinMs);
  const known = tickets.map((ticket) => ({ ticket, ...namesOf(deps, ticket) }));
  const counters = known.flatMap(({ ticket, names }) => names.map((name) => counterFor(ticket, name)));
  const addresses = known.flatMap((one) => one.addresses);
  const resolved = await tx.resolvedBefore([...new Set(counters)], [...new Set(addresses)], since);
  const problems = known.map((one) => ({
    ...one,
    earlier: resolved.filter((old) => isEarlier(deps, one, old)),
  }));
  const times = await tx.failureTimes(problems.map(toStored), since, now);
  return problems.flatMap(({ ticket, earlier }) => {
    const failures = times.get(ticket.counter) ?? [];
    const recurring = decideRecurring(failures, ticket.resolvedAt ?? now, zoneOf(deps, ticket));
    return recurring ? [{ ticket, recurring, before: earlier[0] ?? null }] : [];
  });
}

interface Known {
  readonly ticket: Ticket;
  /** Every spelling of its device; its subject alone if it is about more than a device. */
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

function namesOf({ inventory }: Reading, { counter, subject }: Ticket): Omit<Known, 'ticket'> {
  if (levelOf(counter) !== 'device') return { names: [subject], addresses: [] };
  const device = inventory.find(subject);
  const names = spellingsOf({ inventory }, subject).map((name) => name.toLowerCase());
  return { names: [...new Set(names)], addresses: device?.ip ? [device.ip] : [] };
}

/** A device that left the inventory, at the address that this one has, is the same under another name. */
function isEarlier(
  { inventory }: Reading,
  { ticket, names, addresses }: Known,
  old: ResolvedBefore,
): boolean {
  if (old.id >= ticket.id) return false;
  if (names.some((name) => counterFor(ticket, name) === old.counter)) return true;
  const isSameFailure = old.failure === ticket.failure && levelOf(old.counter) === 'device';
  const isAtAddress = old.address !== null && addresses.includes(old.address);
  return isSameFailure && isAtAddress && inventory.find(old.subject) === null;
}

function toStored({
  ticket,
  names,
  earlier,
}: Known & { readonly earlier: readonly ResolvedBefore[] }): StoredProblem {
  const { counter } = ticket;
  if (levelOf(counter) !== 'device') return { counter, spelled: [] };
  const all = new Set([...names, ...earlier.map(({ subject }) => subject)]);
  return { counter, spelled: [...all].map((device) => ({ device, counter: counterFor(ticket, device) })) };
}

/** The counter of a ticket's problem if its device is called so. */
function counterFor({ counter }: Ticket, name: string): string {
  return `${counter.slice(0, counter.length - subjectOf(counter).length)}${name}`;
}

function zoneOf({ policies }: Reading, { region }: Ticket): string {
  const { regionZones } = policies.zones;
  const wanted = region?.toLowerCase();
  const zone = [...regionZones].find(([name]) => name.toLowerCase() === wanted);
  return zone?.[1] ?? policies.timeZone;
}

/** The same with the message of the ticket before, as far as it has one. */
export type PostedRecurring = RecurringTicket & { readonly posted: Row['posted'] };

export async function findPostedBefore(
  tx: Tx,
  recurring: readonly RecurringTicket[],
): Promise<readonly PostedRecurring[]> {
  const found: PostedRecurring[] = [];
  for (const one of recurring)
    found.push({ ...one, posted: one.before && (await findPosted(tx, one.before)) });
  return found;
}

/** Adds the address of the message of the ticket before. `ownId` is the ticket whose failure need not be named. */
export async function linkRecurring(
  deps: Pick<Deps, 'chat'>,
  { ticket, recurring, before, posted }: PostedRecurring,
  ownId: number,
): Promise<RecurringView> {
  const failure = ticket.id === ownId ? null : ticket.failure;
  const link = posted && (await deps.chat.permalink(posted).catch(() => null));
  return { ...recurring, failure, before: before && { id: before.id, link } };
}
