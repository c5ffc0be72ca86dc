import { type Crowd, rootCounterOf } from '../../domain/root-cause.ts';
import type { Tx } from '../../domain/store/store.ts';
import { subjectOf } from '../../threshold/counter.ts';
import { decideServer, type DeliverySighting } from '../../threshold/decide-server.ts';
import type { Need } from '../../threshold/decide-threshold.ts';
import { serverCauses } from '../../threshold/explainable.ts';
import { rootNeedOf } from '../../threshold/need.ts';
import type { Deps } from '../deps.ts';

/** Among so many alerts for each device that is needed, there are as many distinct ones, as a rule. */
const alertsPerDevice = { crowd: 20, 'shared-package': 100 } as const;

const endOfTime = new Date('9999-01-01T00:00:00Z');

/** Reads a root ticket's counter; see `rootCounterOf`. Returns `null` for that of another ticket. */
export function readCrowd(counter: string): Crowd | null {
  const match = /^root-cause(?:\(failure=(.*?)(?:, package=(.*?))?\))?\|/s.exec(counter);
  if (!match) return null;
  const [, failure = 'connection', name = null] = match;
  return { server: subjectOf(counter), failure, name };
}

/**
 * How far around an alert others tell whether its server is the cause, as a multiple of the policy's window: a failed
 * package tells only together with another one, which may be the one that another window lacks.
 */
export function reachOf({ failure, name }: Crowd): 1 | 3 {
  return causeOf({ failure, name }) === 'crowd' ? 1 : 3;
}

function causeOf({ failure, name }: Pick<Crowd, 'failure' | 'name'>): 'crowd' | 'shared-package' {
  return name === null ? (serverCauses(failure, '') ?? 'crowd') : 'crowd';
}

/**
 * Finds where the earliest window begins in which a server explains a crowd, of those from ≤ at ≤ until (`null`: without
 * end), with `more` that is not stored; `null` if there is none.
 */
export async function findRootBeginning(
  {
    inventory,
    policies,
  }: Pick<Deps, 'inventory'> & { readonly policies: Pick<Deps['policies'], 'rootCause'> },
  tx: Tx,
  crowd: Crowd,
  from: Date,
  until: Date | null,
  more: readonly DeliverySighting[] = [],
): Promise<Date | null> {
  if (!policies.rootCause) return null;
  const need = rootNeedOf(policies.rootCause, crowd.server, inventory);
  if (need.count === null) return null;
  const cause = causeOf(crowd);
  const read = async (limit: number) => {
    const crowds = await tx.sightingsBehind([crowd], from, until ?? endOfTime, limit);
    return crowds.get(rootCounterOf(crowd)) ?? [];
  };
  const few = fewOf(crowd, need.count);
  const first = await read(few);
  const found = decideServer([...first, ...more], need, cause).from;
  if (found !== null || first.length < few) return found;
  return decideServer([...(await read(Number.MAX_SAFE_INTEGER)), ...more], need, cause).from;
}

/** So many of a crowd's alerts tell whether enough devices are among them, as a rule. */
export function fewOf(crowd: Crowd, devices: number): number {
  return devices * alertsPerDevice[causeOf(crowd)];
}

/** The same for alerts that were read already; `null` also if there are too few of them to tell. */
export function decideCrowd(crowd: Crowd, sightings: readonly DeliverySighting[], need: Need): Date | null {
  return decideServer(sightings, need, causeOf(crowd)).from;
}
