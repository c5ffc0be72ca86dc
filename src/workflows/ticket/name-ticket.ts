import type { Ticket } from '../../domain/ticket.ts';
import { titleOf } from '../../messages/ticket-title.ts';
import { isAboutDevice, scopeOf } from '../../threshold/counter.ts';

type Scoped = Pick<Ticket, 'counter' | 'subject' | 'packages' | 'jobs'>;

/** Returns what a ticket about more than a device is about, as `package geo-db 7`; `null` for one about a device or server. */
export function scopeTitleOf(ticket: Scoped): string | null {
  if (isAboutDevice(ticket.counter)) return null;
  const scope = scopeOf(ticket.counter);
  const spelled = [...ticket.packages, ...ticket.jobs].find((name) => name.toLowerCase() === ticket.subject);
  return scope === 'network' ? 'the whole network' : `${scope} ${spelled ?? ticket.subject}`;
}

/** Returns a ticket's title in plain text, as its message has it where the site gives no template of its own. */
export function nameTicket(ticket: Scoped & Parameters<typeof titleOf>[0]): string {
  return titleOf(ticket, scopeTitleOf(ticket));
}
