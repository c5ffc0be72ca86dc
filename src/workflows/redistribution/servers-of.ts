import type { Ticket } from '../../domain/ticket.ts';
import type { Deps } from '../deps.ts';

/** The distribution servers that tickets are about, of those that the config has. */
export function serversOf(
  { policies }: Deps,
  tickets: readonly Pick<Ticket, 'subject' | 'servers'>[],
): readonly string[] {
  const named = tickets.flatMap(({ subject, servers }) => [subject, ...servers]);
  return [...new Set(named)].filter((name) => policies.servers.has(name));
}
