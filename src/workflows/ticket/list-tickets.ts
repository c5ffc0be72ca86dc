import type { ButtonClick, ChatMessage, Person, SlashCommand } from '../../domain/chat.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import { suggestWord } from '../../domain/suggest.ts';
import { renderNotice } from '../../messages/notice.ts';
import {
  type ListedTicket,
  readPageOfTickets,
  renderTicketList,
  ticketsOnPage,
} from '../../messages/ticket-list.ts';
import {
  compareByTurn,
  matchesQuery,
  ownerOf,
  queryWords,
  readTicketQuery,
} from '../../ticket/ticket-query.ts';
import type { Deps } from '../deps.ts';
import { digestIdOf } from './digest.ts';
import { heldView } from './held.ts';
import { scopeTitleOf } from './name-ticket.ts';

export const ticketsUsage =
  '`/restage tickets [mine, open, held, REGION, DEVICE]` lists the tickets that are not resolved, with links: `/restage tickets mine`, `/restage tickets eu open`.';

/** `/restage tickets …`: nobody's first, then the heaviest. */
export function listTickets(
  deps: Deps,
  command: SlashCommand,
  words: readonly string[],
): Promise<ChatMessage> {
  return showPage(deps, command.person, words, 0);
}

/** A click on *Next* or *Previous*: that page takes the place of the one that was clicked. */
export async function turnTicketPage(deps: Deps, click: ButtonClick): Promise<null> {
  const { from, asked } = readPageOfTickets(click.value);
  const words = asked.split(' ').filter(Boolean);
  await deps.chat.respond(click.responseUrl, await showPage(deps, click.person, words, from), 'replaces');
  return null;
}

async function showPage(
  deps: Deps,
  { userId }: Person,
  words: readonly string[],
  from: number,
): Promise<ChatMessage> {
  const regions = deps.policies.routing.regions.map(({ name }) => name);
  const query = readTicketQuery(words, regions, deps.inventory);
  if ('twice' in query) return renderNotice(refuse(deps, query.twice, regions));
  const found = await deps.store.snapshot(async (tx) => {
    const live = await tx.ticketsIn(['open', 'acknowledged', 'repaired', 'held']);
    const isKnown = query.device === null || deps.inventory.find(query.device) !== null;
    const wanted = live.filter(
      (ticket) => ticket.combinedInto === null && matchesQuery(ticket, query, userId),
    );
    if (wanted.length === 0 && !isKnown) return null;
    const start = from < wanted.length ? from : 0;
    const page = wanted.toSorted(compareByTurn).slice(start, start + ticketsOnPage);
    return { total: wanted.length, from: start, rows: await readRows(deps, tx, page) };
  });
  if (!found) return renderNotice(refuse(deps, query.device ?? '', regions));
  const tickets = await Promise.all(found.rows.map((row) => addLink(deps, row)));
  const page = { asked: words.join(' '), total: found.total, from: found.from, tickets };
  return renderTicketList(page, deps.policies.timeZone);
}

function refuse(deps: Deps, typed: string, regions: readonly string[]): string {
  const known = [...queryWords, ...regions, ...deps.inventory.all().map(({ name }) => name)];
  const near = suggestWord(typed, known);
  const hint = near === null ? '' : ` Did you mean “${near}”?`;
  return `“${typed}” is no region and no device that has a ticket.${hint}\nUsage: ${ticketsUsage}`;
}

export interface Row extends Omit<ListedTicket, 'link'> {
  /** The message that shows it; `null` if none does. */
  readonly posted: { readonly channel: string; readonly ts: string } | null;
}

/** What a list shows of tickets; the addresses of their messages are asked for outside of the transaction. */
export async function readRows(
  deps: Deps,
  tx: Tx,
  tickets: readonly TicketRecord[],
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const ticket of tickets) {
    const scope = scopeTitleOf(ticket);
    const held = ticket.state === 'held' ? heldView(deps, ticket) : null;
    rows.push({ ticket, scope, owner: ownerOf(ticket), held, posted: await findPosted(tx, ticket) });
  }
  return rows;
}

/** Its own message, else the digest that lists it. */
export async function findPosted(
  tx: Tx,
  { id, channel, postAt }: Pick<TicketRecord, 'id' | 'channel' | 'postAt'>,
): Promise<Row['posted']> {
  const own = await tx.deliveryOf('ticket', String(id));
  const isListed = own === null && postAt !== null && channel !== null;
  const message = isListed ? await tx.deliveryOf('digest', digestIdOf(channel, postAt)) : own;
  if (message?.postedChannel == null || message.ts === null) return null;
  return { channel: message.postedChannel, ts: message.ts };
}

/** Without its link the line still tells what fails. */
export async function addLink(deps: Deps, { posted, ...row }: Row): Promise<ListedTicket> {
  const link = posted && (await deps.chat.permalink(posted).catch(() => null));
  return { ...row, link };
}
