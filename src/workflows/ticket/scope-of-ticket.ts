import type { Cause } from '../../domain/root-cause.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { ScopeView } from '../../messages/scope.ts';
import { decideCause } from '../../threshold/decide-cause.ts';
import { levelOf, scopeOf } from '../../threshold/counter.ts';
import type { Level } from '../../domain/level.ts';
import { readCrowd } from '../counting/root-need.ts';
import { scopeTitleOf } from './name-ticket.ts';

type Scoped = Pick<Ticket, 'id' | 'counter' | 'failure' | 'subject' | 'packages' | 'jobs'>;

const labels: Readonly<Partial<Record<string, string>>> = {
  package: 'Package',
  job: 'Job',
  network: 'Network',
  region: 'Region',
  building: 'Building',
};

/** What a ticket about more than a device says of where it is; null for one about a device or server. */
export async function scopeOfTicket(tx: Tx, ticket: Scoped): Promise<ScopeView | null> {
  const title = scopeTitleOf(ticket);
  if (title === null) return null;
  const scope = scopeOf(ticket.counter);
  return { title, label: labels[scope] ?? scope, origins: await tx.originsOf(ticket.id) };
}

/** The cause of a ticket's problem and its evidence; null where one device's failure says nothing of it. */
export async function causeOfTicket(tx: Tx, ticket: Scoped): Promise<Cause | null> {
  const level = levelOf(ticket.counter);
  if (level === 'device') return null;
  const failure = readCrowd(ticket.counter)?.failure ?? ticket.failure;
  return decideCause({ level, failure, doubtfulServers: await findDoubtful(tx, ticket, level) });
}

async function findDoubtful(tx: Tx, ticket: Scoped, level: Level): Promise<readonly string[]> {
  if (level !== 'package' && level !== 'job') return [];
  const servers = (await tx.originsOf(ticket.id)).flatMap(({ server }) => server ?? []);
  return tx.serversFailing([...new Set(servers)], ticket.failure);
}
