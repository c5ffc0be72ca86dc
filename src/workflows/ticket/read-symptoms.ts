import { nameDevice } from '../../domain/device-name.ts';
import type { Evidence } from '../../domain/evidence.ts';
import { evidenceOfTicket } from '../../domain/evidence.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { JudgedSymptom, SeenSymptom } from '../../domain/symptom.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { judgeSymptom } from '../../ticket/judge-symptom.ts';
import type { Deps } from '../deps.ts';
import { deliveredInstead } from './newer-versions.ts';

type JudgedTicket = Pick<Ticket, 'id' | 'state' | 'repairedBy' | 'repairedAt' | 'reopenedAt'>;

/** What fails of these tickets, judged by all that is known now; a few statements, however many symptoms there are. */
export async function readSymptoms(
  deps: Pick<Deps, 'inventory' | 'policies' | 'clock'>,
  tx: Tx,
  tickets: readonly JudgedTicket[],
): Promise<readonly JudgedSymptom[]> {
  const ids = tickets.map(({ id }) => id);
  const told = [...(await tx.symptomsOf(ids)).values()].flat();
  const seen = told.map((symptom) => saidToFail(symptom, tickets));
  if (seen.length === 0) return [];
  const names = [...new Set(seen.flatMap(({ device, recipient }) => [device, recipient ?? device]))];
  const since = new Date(Math.min(...seen.map(({ firstAt }) => firstAt.getTime())));
  const spellings = [...new Set(names.flatMap((name) => spellingsOf(deps, name)))];
  const stored = await tx.evidenceFor(spellings, ids, since);
  const instead = deliveredInstead(deps.policies.readVersion, stored, seen);
  const evidence = [...stored, ...instead, ...tickets.flatMap(wordOfRepair)].map((one) =>
    namedHere(deps, one),
  );
  const now = deps.clock.now();
  const quietMs = deps.policies.ticket.autoResolveAfterMs ?? defaultQuietMs;
  return seen.map((symptom) => ({
    ...judgeSymptom(namedHere(deps, symptom), evidence, now, quietMs),
    ...{ device: symptom.device, recipient: symptom.recipient },
  }));
}

/** Whoever opens a ticket again says that all of it fails: what was known before shows no repair any more. */
function saidToFail(symptom: SeenSymptom, tickets: readonly JudgedTicket[]): SeenSymptom {
  const at = tickets.find(({ id }) => id === symptom.ticketId)?.reopenedAt ?? null;
  return at !== null && at > symptom.lastAt ? { ...symptom, lastAt: at } : symptom;
}

/** How long nothing fails after a person's word of a repair until it is believed, where the site states no time. */
export const defaultQuietMs = 7_200_000;

/** A repair that the bot has found out itself is evidence of its own kind. */
function wordOfRepair({ id, state, repairedBy, repairedAt }: JudgedTicket): readonly Evidence[] {
  if (state !== 'repaired' || repairedBy === null || repairedAt === null) return [];
  return [evidenceOfTicket(id, 'repaired', repairedAt, repairedBy)];
}

/** By the inventory's names: evidence may name a device in another way than its alerts did. */
export function namedHere<T extends Pick<Evidence | SeenSymptom, 'device' | 'recipient'>>(
  { inventory }: Pick<Deps, 'inventory'>,
  one: T,
): T {
  const nameOf = (name: string | null) => (name === null ? null : nameDevice(name, inventory));
  return { ...one, device: nameOf(one.device), recipient: nameOf(one.recipient) };
}

/** Every name by which the inventory knows a device, with the one given. */
export function spellingsOf({ inventory }: Pick<Deps, 'inventory'>, name: string): readonly string[] {
  const device = inventory.find(name);
  return [name, device?.name, device?.fqdn, device?.ip, device?.mac].filter((one) => one != null);
}
