import type { Inventory } from '../domain/device.ts';
import type { TicketRecord } from '../domain/store/tickets.ts';
import type { TicketState } from '../domain/ticket.ts';

/** Which tickets somebody wants to see; all of it has to hold. */
export interface TicketQuery {
  /** Only those that are in the hands of whoever asks. */
  readonly mine: boolean;
  /** `open`: people see it, and it is not resolved. */
  readonly stage: 'any' | 'open' | 'held';
  /** In lower case. */
  readonly region: string | null;
  /** The inventory's name, else as typed, in lower case. */
  readonly device: string | null;
}

const everything: TicketQuery = { mine: false, stage: 'any', region: null, device: null };

/** Words that are no name of a region or device. */
export const queryWords = ['mine', 'open', 'held'] as const;

/**
 * Reads `mine`, `open`, `held`, a region (its name may be several words) and a device, in any order. Returns the word
 * that came second for the same thing as `twice`.
 */
export function readTicketQuery(
  words: readonly string[],
  regions: readonly string[],
  inventory: Pick<Inventory, 'find'>,
): TicketQuery | { readonly twice: string } {
  const query = { ...everything };
  let left = words;
  while (left.length > 0) {
    const { part, length } = readPart(left, regions, inventory);
    if (Object.keys(part).some((key) => isSet(query, key as keyof TicketQuery)))
      return { twice: left.slice(0, length).join(' ') };
    Object.assign(query, part);
    left = left.slice(length);
  }
  return query;
}

function isSet(query: TicketQuery, key: keyof TicketQuery): boolean {
  return query[key] !== everything[key];
}

function readPart(
  words: readonly string[],
  regions: readonly string[],
  inventory: Pick<Inventory, 'find'>,
): { readonly part: Partial<TicketQuery>; readonly length: number } {
  const word = (words[0] ?? '').toLowerCase();
  if (word === 'mine') return { part: { mine: true }, length: 1 };
  if (word === 'open' || word === 'held') return { part: { stage: word }, length: 1 };
  for (let length = words.length; length > 0; length -= 1) {
    const name = words.slice(0, length).join(' ').toLowerCase();
    if (regions.some((region) => region.toLowerCase() === name)) return { part: { region: name }, length };
  }
  return { part: { device: inventory.find(word)?.name ?? word }, length: 1 };
}

type Asked = Pick<
  TicketRecord,
  'state' | 'subject' | 'device' | 'devices' | 'region' | 'assignedTo' | 'acknowledgedBy'
>;

/** `devices` are the first few of a ticket that many alert for. */
export function matchesQuery(ticket: Asked, query: TicketQuery, userId: string): boolean {
  if (query.mine && ownerOf(ticket) !== userId) return false;
  if (query.stage !== 'any' && (ticket.state === 'held') !== (query.stage === 'held')) return false;
  if (query.region !== null && ticket.region?.toLowerCase() !== query.region) return false;
  const { device } = query;
  if (device === null) return true;
  return [ticket.subject, ticket.device, ...ticket.devices].some((name) => name.toLowerCase() === device);
}

/** Returns in whose hands a ticket is; `null` if it is nobody's. */
export function ownerOf({
  assignedTo,
  acknowledgedBy,
}: Pick<Asked, 'assignedTo' | 'acknowledgedBy'>): string | null {
  return assignedTo ?? acknowledgedBy;
}

const turns: readonly TicketState[] = ['open', 'acknowledged', 'repaired', 'held'];

/** Nobody's first, then by the number of alerts, the most first. */
export function compareByTurn(
  a: Pick<TicketRecord, 'id' | 'state' | 'alertCount'>,
  b: Pick<TicketRecord, 'id' | 'state' | 'alertCount'>,
): number {
  return turns.indexOf(a.state) - turns.indexOf(b.state) || b.alertCount - a.alertCount || a.id - b.id;
}
