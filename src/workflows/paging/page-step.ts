import { ChatError } from '../../domain/chat.ts';
import type { EscalationPolicy, EscalationStep, PageTarget } from '../../domain/paging.ts';
import { isHeld } from '../../domain/store/paging.ts';
import type { PageEnd, PageRecord } from '../../domain/store/paging.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import { renderMarkup } from '../../messages/notice.ts';
import { findSwitch } from '../../paging/decide-page.ts';
import { afterStep, nextStep } from '../../paging/next-step.ts';
import { whoIsOnCall } from '../../paging/who-is-on-call.ts';
import { isTimeUp } from '../../domain/time-up.ts';
import type { Deps } from '../deps.ts';
import { longestWaits } from '../longest-waits.ts';
import { endPages, pageSubjectOf, touchNotices } from './paging.ts';
import { addToThread } from '../ticket/ticket-message.ts';

/**
 * Does what is due of a ticket's page: tells the people of its next step, waits, or ends it. The members of user
 * groups are asked for before; then one transaction on the rows of ticket and page decides, so that each step is
 * done once whoever else tries.
 */
export async function stepPage(deps: Deps, ticketId: number): Promise<void> {
  const due = await deps.store.transaction((tx) => settleOrFindStep(deps, tx, ticketId));
  if (!due) return;
  const recipients = await findRecipients(deps, due.step);
  await deps.store.transaction(async (tx) => {
    const still = await settleOrFindStep(deps, tx, ticketId);
    if (still && isSamePlace(still.page, due.page)) await tell(deps, tx, still, recipients);
  });
}

interface DueStep {
  readonly page: PageRecord;
  readonly ticket: TicketRecord;
  readonly policy: EscalationPolicy;
  readonly step: EscalationStep;
}

function isSamePlace(a: PageRecord, b: PageRecord): boolean {
  return a.id === b.id && a.round === b.round && a.step === b.step;
}

/** The step that is due now; null: none, and what is to be done instead is done. */
async function settleOrFindStep(deps: Deps, tx: Tx, ticketId: number): Promise<DueStep | null> {
  const now = deps.clock.now();
  // Ticket before page: whoever acknowledges locks the rows in this order too.
  const ticket = await tx.ticket(ticketId);
  const page = ticket && (await tx.openPageOf(ticketId));
  if (!page) return null;
  const hold = await findHold(deps, tx, ticket, now);
  if (ticket.state !== 'open' || hold === 'for-good') {
    await endPages(deps, tx, ticketId, whyEnded(ticket));
    return null;
  }
  if (page.state === 'exhausted') return null;
  if (hold) return waitUntil(tx, page, hold.until, hold.reason);
  return goOn(deps, tx, page, ticket, now);
}

/** Nothing holds the page back: what its policy says. */
async function goOn(
  deps: Deps,
  tx: Tx,
  found: PageRecord,
  ticket: TicketRecord,
  now: Date,
): Promise<DueStep | null> {
  // What a switch or a snooze held back goes on when it is taken away, before its time too.
  const mayGoOn = isHeld(found.reason) || isTimeUp(found.dueAt, now, longestWaitOf(deps, found));
  const page = mayGoOn ? { ...found, dueAt: now } : found;
  const policy = deps.policies.paging.policies.find(({ name }) => name === page.policy) ?? null;
  const decision = nextStep(page, ticket.failure, policy, now);
  switch (decision.act) {
    case 'give-up':
      return giveUp(deps, tx, page, ticket, decision.reason);
    case 'wait':
      return decision.reason === 'not-due' ? null : waitUntil(tx, page, decision.until, decision.reason);
    case 'notify':
      return policy && { page, ticket, policy, step: decision.step };
  }
}

function longestWaitOf({ policies }: Deps, { reason }: PageRecord): number {
  return reason === 'quiet-hours' ? longestWaits.quietHours : longestWaits.pageStep(policies);
}

/** By the ticket's state: it came about without a word to the page. */
function whyEnded(ticket: TicketRecord): PageEnd {
  const reason = ticket.state === 'open' ? 'switched-off' : ticket.state;
  const userId = reason === 'acknowledged' ? ticket.acknowledgedBy : null;
  return { reason, userId, place: null };
}

/** A switch or a snooze that holds pages about this ticket back. */
async function findHold(
  deps: Deps,
  tx: Tx,
  ticket: TicketRecord,
  now: Date,
): Promise<{ readonly until: Date; readonly reason: string } | 'for-good' | null> {
  const off = findSwitch(pageSubjectOf(deps, ticket), await tx.pagingSwitches(), now);
  if (off) return off.until === null ? 'for-good' : { until: off.until, reason: 'switched-off-until' };
  const { snoozedUntil } = ticket;
  if (snoozedUntil === null || isTimeUp(snoozedUntil, now, longestWaits.snooze)) return null;
  return { until: snoozedUntil, reason: 'snoozed' };
}

async function waitUntil(tx: Tx, page: PageRecord, dueAt: Date, reason: string): Promise<null> {
  if (page.reason === reason && page.dueAt.getTime() === dueAt.getTime()) return null;
  await tx.changePage(page.id, { dueAt, reason });
  await tx.enqueue({ queue: 'page', ticketId: page.ticketId, at: dueAt });
  return null;
}

async function giveUp(
  deps: Deps,
  tx: Tx,
  page: PageRecord,
  ticket: TicketRecord,
  reason: string,
): Promise<null> {
  await tx.changePage(page.id, { state: 'exhausted', reason });
  await touchNotices(deps, tx, page.id);
  const text = ':warning: Nobody has acknowledged this, and everybody who was to be paged has been.';
  await addToThread(deps, tx, ticket, renderMarkup(text));
  deps.log.error({ ticket: ticket.id, page: page.id, reason }, 'nobody answered the page; given up');
  return null;
}

async function tell(
  deps: Deps,
  tx: Tx,
  { page, policy, ticket }: DueStep,
  recipients: readonly string[],
): Promise<void> {
  const now = deps.clock.now();
  const { round, step } = page;
  for (const recipient of recipients) {
    const [id, deliveryId] = [deps.newId(), deps.newId()];
    await tx.addPageNotice({ id, pageId: page.id, round, step, recipient, at: now, deliveryId });
    const delivery = { kind: 'page', subjectId: id, channel: recipient, parentId: null, body: null } as const;
    await tx.wantDelivery({ ...delivery, id: deliveryId }, now);
    await tx.enqueue({ queue: 'deliver', channel: recipient });
  }
  const next = afterStep(page, policy, recipients.length > 0, now);
  await tx.changePage(page.id, next);
  await tx.enqueue({ queue: 'page', ticketId: ticket.id, at: next.dueAt });
  const fields = { ticket: ticket.id, page: page.id, step, round, recipients: recipients.length };
  if (recipients.length > 0) deps.log.info(fields, 'paged');
  else deps.log.warn(fields, 'a step of a page reached nobody; the next one follows');
}

/** Each person and channel of a step, once. */
async function findRecipients(deps: Deps, step: EscalationStep): Promise<readonly string[]> {
  const found = await Promise.all(step.notify.map((target) => resolveTarget(deps, target)));
  return [...new Set(found.flat())];
}

async function resolveTarget(deps: Deps, target: PageTarget): Promise<readonly string[]> {
  if (target.kind === 'user') return [target.userId];
  if (target.kind === 'channel') return [target.channel];
  const schedule = deps.policies.paging.schedules.find(({ name }) => name === target.name);
  if (!schedule) return [];
  if (schedule.kind === 'group') return membersOf(deps, schedule.userGroup);
  const { user } = whoIsOnCall(schedule, deps.clock.now());
  return user === null ? [] : [user];
}

/**
 * A group that Slack does not know has no members. @throws ChatError where Slack could not be asked: the step is tried again
 * soon, for nobody could be told now either.
 */
async function membersOf(deps: Deps, userGroup: string): Promise<readonly string[]> {
  try {
    return await deps.chat.membersOf(userGroup);
  } catch (error) {
    if (!(error instanceof ChatError) || error.failure !== 'refused') throw error;
    deps.log.error({ userGroup, error: error.message }, 'the members of a user group can not be read');
    return [];
  }
}
