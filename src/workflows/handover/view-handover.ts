import { groupBy } from '../../domain/group-by.ts';
import type { Outage } from '../../domain/outage.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import type { JudgedSymptom } from '../../domain/symptom.ts';
import { type HandedOver, handedOverShown, type HandoverView } from '../../messages/handover.ts';
import type { ListedTicket } from '../../messages/ticket-list.ts';
import { listCovered } from '../../outage/list-covered.ts';
import { spellTarget } from '../../outage/targets.ts';
import { compareByTurn } from '../../ticket/ticket-query.ts';
import type { Deps } from '../deps.ts';
import { heldView } from '../ticket/held.ts';
import { addLink, readRows, type Row } from '../ticket/list-tickets.ts';
import {
  findPostedBefore,
  linkRecurring,
  type PostedRecurring,
  readRecurring,
} from '../ticket/read-recurring.ts';
import { readSymptoms } from '../ticket/read-symptoms.ts';

/** What a handover is about. */
export interface HandoverAsked {
  /** As the config spells it; `null`: everything. */
  readonly region: string | null;
  readonly since: Date;
  readonly from: string | null;
  readonly to: string | null;
}

/** Silence after which a ticket is rather quiet than open, in ms. */
const quietMs = 86_400_000;

/** What is open, held, out, waiting, quiet, failing again and again, and closed by itself, as it is now. */
export async function viewHandover(deps: Deps, asked: HandoverAsked): Promise<HandoverView> {
  const now = deps.clock.now();
  const { open, waiting, quiet, nightly, ...rest } = await deps.store.transaction((tx) =>
    readHandover(deps, tx, asked, now),
  );
  return {
    ...asked,
    now,
    ...rest,
    open: await withLinks(deps, open, () => ({})),
    waiting: await withLinks(deps, waiting, ({ postAt }) => ({ postAt: postAt ?? now })),
    nightly: await linkNightly(deps, nightly),
    quiet: await withLinks(deps, quiet, ({ lastAt }) => ({ quietMs: now.getTime() - lastAt.getTime() })),
  };
}

async function readHandover(deps: Deps, tx: Tx, { region, since }: HandoverAsked, now: Date) {
  const isHere = (ticket: TicketRecord) => region === null || isSame(ticket.region, region);
  const all = (await tx.ticketsIn(['open', 'acknowledged', 'repaired', 'held'])).filter(isHere);
  const live = all.filter(({ combinedInto }) => combinedInto === null).toSorted(compareByTurn);
  const shown = live.filter(({ state }) => state !== 'held');
  const waiting = shown.filter(({ postAt }) => postAt !== null && postAt > now);
  const posted = shown.filter((ticket) => !waiting.includes(ticket));
  const failing = failingByTicket(await readSymptoms(deps, tx, posted));
  const quiet = posted.filter(({ id }) => isQuiet(failing.get(id) ?? [], now));
  const open = posted.filter((ticket) => !quiet.includes(ticket));
  const closed = (await tx.resolvedByItself(since)).filter(isHere);
  const outages = await tx.outagesDuring(now, now);
  return {
    open: await rowsOf(deps, tx, open),
    waiting: await rowsOf(deps, tx, waiting),
    quiet: await rowsOf(deps, tx, quiet),
    held: firstOf(live.filter(({ state }) => state === 'held').map((ticket) => heldView(deps, ticket))),
    out: firstOf(
      outages
        .filter((outage) => outage.until > now && isIn(deps, outage, region))
        .map(({ target, until, reason }) => ({ target: spellTarget(target), until, reason })),
    ),
    nightly: await readNightly(deps, tx, [...live, ...closed]),
    closed: firstOf(closed.map((ticket) => ({ ...ticket, resolvedAt: ticket.resolvedAt ?? now }))),
  };
}

function isSame(region: string | null, wanted: string): boolean {
  return region?.toLowerCase() === wanted.toLowerCase();
}

function failingByTicket(symptoms: readonly JudgedSymptom[]): ReadonlyMap<number, readonly JudgedSymptom[]> {
  return groupBy(
    symptoms.filter(({ state }) => state === 'failing'),
    ({ ticketId }) => ticketId,
  );
}

function isQuiet(failing: readonly JudgedSymptom[], now: Date): boolean {
  return failing.length > 0 && failing.every(({ lastAt }) => now.getTime() - lastAt.getTime() >= quietMs);
}

/** An outage of several regions, or of what the inventory does not know, is told in each. */
function isIn({ inventory }: Deps, { target }: Outage, region: string | null): boolean {
  if (region === null) return true;
  if (target.kind === 'region') return isSame(target.name, region);
  const covered = listCovered(target, inventory);
  return covered.length === 0 || covered.some((device) => isSame(device.region, region));
}

/** The newest ticket stands for all of a problem. */
async function readNightly(
  deps: Deps,
  tx: Tx,
  tickets: readonly TicketRecord[],
): Promise<HandedOver<PostedRecurring>> {
  const byCounter = new Map(tickets.toSorted((a, b) => a.id - b.id).map((one) => [one.counter, one]));
  const { lines, total } = firstOf(await readRecurring(deps, tx, [...byCounter.values()]));
  return { lines: await findPostedBefore(tx, lines), total };
}

async function linkNightly(deps: Deps, { lines, total }: HandedOver<PostedRecurring>) {
  const linked = await Promise.all(
    lines.map(async (one) => ({
      ...one.ticket,
      recurring: await linkRecurring(deps, one, one.ticket.id),
    })),
  );
  return { lines: linked, total };
}

function firstOf<Line>(lines: readonly Line[]): HandedOver<Line> {
  return { lines: lines.slice(0, handedOverShown), total: lines.length };
}

async function rowsOf(deps: Deps, tx: Tx, tickets: readonly TicketRecord[]): Promise<HandedOver<ReadRow>> {
  const first = tickets.slice(0, handedOverShown);
  const rows = await readRows(deps, tx, first);
  const lines = rows.flatMap((row, index) => {
    const record = first[index];
    return record ? [{ row, record }] : [];
  });
  return { lines, total: tickets.length };
}

interface ReadRow {
  readonly row: Row;
  readonly record: TicketRecord;
}

async function withLinks<More extends object>(
  deps: Deps,
  { lines, total }: HandedOver<ReadRow>,
  more: (ticket: TicketRecord) => More,
): Promise<HandedOver<ListedTicket & More>> {
  const linked = await Promise.all(
    lines.map(async ({ row, record }) => ({ ...(await addLink(deps, row)), ...more(record) })),
  );
  return { lines: linked, total };
}
