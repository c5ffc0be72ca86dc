import type { ButtonClick } from '../../domain/chat.ts';
import type { Tx } from '../../domain/store/store.ts';
import { choosePeriod, describePeriod } from '../../redistribution/choose-period.ts';
import { beginRedistribution, type NewRedistribution } from '../redistribution/begin-redistribution.ts';
import { refuseRequester } from '../redistribution/refuse-requester.ts';
import { serversOf } from '../redistribution/servers-of.ts';
import type { Deps } from '../deps.ts';

const unknown = 'This is gone: it was cleared or dismissed.';

/** A click on *Find what failed* where something is back (B4): as if its person had asked for the redistribution. */
export async function findByOffer(deps: Deps, click: ButtonClick): Promise<string | null> {
  const offer = await deps.store.transaction((tx) => tx.offer(click.value));
  if (!offer) return unknown;
  if (offer.takenAt !== null) return 'Somebody has taken it up already.';
  const { server, recipients, from } = offer;
  return begin(deps, click, [server], (timeZone) => ({
    recipients,
    period: describePeriod(from, deps.clock.now(), timeZone, 'since the first failure of what is back'),
  }));
}

/** A click on *Find what failed* in a repaired ticket (B2, B3): what failed on its servers in its down time. */
export async function findByTicket(deps: Deps, click: ButtonClick): Promise<string | null> {
  const { ticket, parts } = await deps.store.transaction(async (tx) => ({
    ticket: await tx.ticket(Number(click.value)),
    parts: await tx.ticketsCombinedInto([Number(click.value)]),
  }));
  if (!ticket) return unknown;
  if (ticket.state !== 'repaired') return `This ticket is ${ticket.state}.`;
  const servers = serversOf(deps, [ticket, ...parts]);
  if (servers.length === 0) return 'None of its servers is in the config.';
  const facts = { repaired: [ticket, ...parts], servicedUntil: null, oldestFailure: null };
  return begin(deps, click, servers, (timeZone) => ({
    recipients: null,
    period: choosePeriod('', facts, deps.clock.now(), timeZone),
  }));
}

/** Answers what the person has to know and no message will show. */
async function begin(
  deps: Deps,
  click: ButtonClick,
  servers: readonly string[],
  scopeIn: (timeZone: string) => Pick<NewRedistribution, 'recipients' | 'period'>,
): Promise<string | null> {
  const { person: requestedBy, channel: askedIn } = click;
  const refusal = await refuseRequester(deps, { person: requestedBy, channel: askedIn }, servers);
  if (refusal !== null) return refusal;
  const timeZone = await deps.chat.timeZoneOf(requestedBy).catch(() => deps.policies.timeZone);
  const scope = { ...scopeIn(timeZone), job: null, timeZone, requestedBy, askedIn };
  const answers = await deps.store.transaction((tx) => beginAll(deps, tx, click, servers, scope));
  return answers.length === 0 ? null : answers.join('\n');
}

async function beginAll(
  deps: Deps,
  tx: Tx,
  { deliveryKey }: ButtonClick,
  servers: readonly string[],
  scope: Omit<NewRedistribution, 'server'>,
): Promise<readonly string[]> {
  if (!(await tx.firstSight(deliveryKey, deps.clock.now()))) return [];
  await tx.lockRedistributions();
  const answers: string[] = [];
  for (const server of servers) {
    const { begun, answer } = await beginRedistribution(deps, tx, { ...scope, server });
    if (begun === null) answers.push(answer);
  }
  return answers;
}
