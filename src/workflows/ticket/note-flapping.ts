import { flapsWithinMs } from '../../domain/flapping.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import type { SeenSymptom } from '../../domain/symptom.ts';
import { renderFlapping } from '../../messages/flapping.ts';
import { quietTimeOf } from '../../ticket/judge-symptom.ts';
import { isAboutDevice } from '../../threshold/counter.ts';
import type { Deps } from '../deps.ts';
import type { SymptomFlaps } from './find-flaps.ts';
import { defaultQuietMs } from './read-symptoms.ts';
import { addToThread } from './ticket-message.ts';

/** A ticket about many comes and goes where so large a part of what fails does. */
const wideShare = 0.5;

/** Returns the symptoms that come and go if they are enough to say so of the ticket, else none. */
export function enoughFlaps(
  { counter, deviceCount }: Pick<TicketRecord, 'counter' | 'deviceCount'>,
  symptoms: readonly SeenSymptom[],
  flapping: readonly SymptomFlaps[],
): readonly SymptomFlaps[] {
  const isWide = !isAboutDevice(counter) || deviceCount > 1;
  return isWide && flapping.length < symptoms.length * wideShare ? [] : flapping;
}

/**
 * Notes that a ticket, or the one whose message it shares, comes and goes, and tells it once in its thread. `symptoms` are
 * all that it has, `flapping` those that come and go. Returns whether that is news.
 */
export async function noteFlapping(
  deps: Deps,
  tx: Tx,
  ticket: TicketRecord,
  symptoms: readonly SeenSymptom[],
  flapping: readonly SymptomFlaps[],
): Promise<boolean> {
  const shared = ticket.combinedInto === null ? null : await tx.ticket(ticket.combinedInto);
  const { id, flapping: known } = shared ?? ticket;
  if (known?.since != null || flapping.length === 0) return false;
  const since = deps.clock.now().toISOString();
  await tx.changeTicket(id, { flapping: { back: known?.back ?? [], since } });
  const line = renderFlapping({
    symptoms: flapping.map(({ symptom }) => symptom),
    of: symptoms.length,
    flaps: Math.max(...flapping.map(({ flaps }) => flaps)),
    quietMs: quietOf(deps, [...symptoms, ...flapping]),
  });
  await addToThread(deps, tx, ticket, line);
  return true;
}

/** It comes three times a day: after half a day it has missed one. */
const longestQuietMs = flapsWithinMs / 2;

/** How long a ticket that comes and goes must be quiet to be over, in ms. */
export function quietOf(
  { policies }: Pick<Deps, 'policies'>,
  symptoms: readonly Pick<SeenSymptom, 'longestGapMs'>[],
): number {
  const leastMs = policies.ticket.autoResolveAfterMs ?? defaultQuietMs;
  const quietMs = Math.max(leastMs, ...symptoms.map((symptom) => quietTimeOf(symptom, leastMs)));
  return Math.min(quietMs, Math.max(leastMs, longestQuietMs));
}
