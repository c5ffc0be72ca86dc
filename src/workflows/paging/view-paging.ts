import { ChatError } from '../../domain/chat.ts';
import type { OnCallSchedule } from '../../domain/paging.ts';
import type { OnCallView, OpenTicketView, PagingView } from '../../messages/paging-overview.ts';
import { decidePage } from '../../paging/decide-page.ts';
import { whoIsOnCall } from '../../paging/who-is-on-call.ts';
import type { Deps } from '../deps.ts';
import { nameTicket } from '../ticket/name-ticket.ts';
import { pageSubjectOf } from './paging.ts';

/** Who is on call now, what is switched off, and what became of each open ticket's page. */
export async function viewPaging(deps: Deps): Promise<PagingView> {
  const { schedules } = deps.policies.paging;
  const onCall = await Promise.all(schedules.map((schedule) => viewSchedule(deps, schedule)));
  return { onCall, ...(await viewTickets(deps)) };
}

async function viewSchedule(deps: Deps, schedule: OnCallSchedule): Promise<OnCallView> {
  const { name } = schedule;
  if (schedule.kind === 'group') {
    const users = await membersOf(deps, schedule.userGroup);
    return { name, users, until: null, next: null, reason: users === null ? 'group-unreadable' : 'group' };
  }
  const { user, reason, until } = whoIsOnCall(schedule, deps.clock.now());
  const next = whoIsOnCall(schedule, until).user;
  return { name, users: user === null ? [] : [user], until, next, reason };
}

async function membersOf(deps: Deps, userGroup: string): Promise<readonly string[] | null> {
  try {
    return await deps.chat.membersOf(userGroup);
  } catch (error) {
    if (error instanceof ChatError) return null;
    throw error;
  }
}

async function viewTickets(deps: Deps): Promise<Pick<PagingView, 'switches' | 'tickets'>> {
  const now = deps.clock.now();
  return deps.store.transaction(async (tx) => {
    const all = await tx.pagingSwitches();
    const switches = all.filter(({ until }) => until === null || until > now);
    const pages = new Map((await tx.openPages()).map((page) => [page.ticketId, page]));
    const tickets: OpenTicketView[] = [];
    for (const ticket of await tx.ticketsIn(['open'])) {
      const page = pages.get(ticket.id);
      const decision = decidePage(pageSubjectOf(deps, ticket), deps.policies.paging, switches, now);
      const notices = page ? await tx.noticesOf(page.id) : [];
      const told = [...new Set(notices.map(({ recipient }) => recipient))];
      const { reason } = page ?? decision;
      const dueAt = page?.state === 'running' ? page.dueAt : null;
      tickets.push({
        id: ticket.id,
        title: nameTicket(ticket),
        isPaged: page !== undefined,
        told,
        dueAt,
        pageReason: reason,
      });
    }
    return { switches, tickets };
  });
}
