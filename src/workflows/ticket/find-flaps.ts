import type { Evidence } from '../../domain/evidence.ts';
import { flapsThatTell, flapsWithinMs } from '../../domain/flapping.ts';
import { groupBy } from '../../domain/group-by.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import { type SeenSymptom, symptomKey } from '../../domain/symptom.ts';
import { countFlaps } from '../../ticket/count-flaps.ts';
import { clears, tellsOf } from '../../ticket/judge-symptom.ts';
import type { Deps } from '../deps.ts';
import { namedHere, spellingsOf } from './read-symptoms.ts';

type Ticket = Pick<TicketRecord, 'id' | 'counter' | 'flapping'>;

export interface SymptomFlaps {
  readonly symptom: SeenSymptom;
  /** How often it recovered within the last day. */
  readonly flaps: number;
  /** Longest time between two of its failures of that day, in ms. */
  readonly longestGapMs: number;
}

/**
 * Counts how often symptoms of tickets recovered within the last day, in all tickets about the same problem: by evidence, by a
 * repair after which they failed again, and while they were held. Recoveries after `until` are left out, and so are symptoms
 * with fewer than `least` recoveries. Nothing is read of alerts where nothing recovered.
 */
export async function findFlaps(
  deps: Pick<Deps, 'inventory' | 'clock'>,
  tx: Tx,
  tickets: readonly Ticket[],
  symptoms: readonly SeenSymptom[],
  {
    until = deps.clock.now(),
    least = flapsThatTell,
  }: { readonly until?: Date; readonly least?: number } = {},
): Promise<readonly SymptomFlaps[]> {
  if (symptoms.length === 0) return [];
  const from = new Date(deps.clock.now().getTime() - flapsWithinMs);
  const recovered = await readRecoveries(deps, tx, tickets, symptoms, from);
  const due = symptoms.flatMap((symptom) => {
    const times = recovered(symptom).filter((at) => at > from && at <= until);
    return times.length < least ? [] : [{ symptom, times }];
  });
  if (due.length === 0) return [];
  const devices = [...new Set(due.map(({ symptom }) => symptom.device))];
  const failed = groupBy(await tx.failuresAt(devices, new Date(from.getTime() - flapsWithinMs)), symptomKey);
  return due.flatMap(({ symptom, times }) => {
    const failures = (failed.get(symptomKey(symptom)) ?? []).map(({ at }) => at);
    const flaps = countFlaps(failures, times, from, until);
    return flaps < least ? [] : [{ symptom, flaps, longestGapMs: longestGap(failures, from) }];
  });
}

function longestGap(failures: readonly Date[], from: Date): number {
  const times = failures.filter((at) => at > from).map((at) => at.getTime());
  const sorted = times.toSorted((a, b) => a - b);
  return Math.max(0, ...sorted.map((at, index) => at - (sorted[index - 1] ?? at)));
}

/** Returns when a symptom recovered, by all that is known. */
async function readRecoveries(
  deps: Pick<Deps, 'inventory'>,
  tx: Tx,
  tickets: readonly Ticket[],
  symptoms: readonly SeenSymptom[],
  from: Date,
): Promise<(symptom: SeenSymptom) => readonly Date[]> {
  const counters = [...new Set(tickets.map(({ counter }) => counter))];
  const counterOf = new Map(tickets.map(({ id, counter }) => [id, counter]));
  for (const { id, counter } of await tx.resolvedBefore(counters, [], from)) counterOf.set(id, counter);
  const held = await tx.recoveredWhileHeld(counters, from);
  const names = symptoms.flatMap(({ device, recipient }) => [device, recipient ?? device]);
  const spellings = [...new Set(names)].flatMap((name) => spellingsOf(deps, name));
  const stored = await tx.evidenceFor([...new Set(spellings)], [...counterOf.keys()], from);
  const evidence = stored.filter(clears).map((one) => namedHere(deps, one));
  return (symptom) => {
    const counter = counterOf.get(symptom.ticketId);
    const isOfProblem = ({ ticketId }: Evidence) => ticketId === null || counterOf.get(ticketId) === counter;
    const here = { ...namedHere(deps, symptom), ticketId: 0 };
    const cleared = evidence.filter((one) => isOfProblem(one) && tellsOf({ ...one, ticketId: null }, here));
    const back = tickets.find(({ id }) => id === symptom.ticketId)?.flapping?.back ?? [];
    return [
      ...cleared.map(({ at }) => at),
      ...back.map((at) => new Date(at)),
      ...(held.get(counter ?? '') ?? []),
    ];
  };
}
