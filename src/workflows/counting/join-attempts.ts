import { nameDevice } from '../../domain/device-name.ts';
import type { FailedJob } from '../../domain/redistribution.ts';
import type { OwnAttempt } from '../../domain/store/attempts.ts';
import type { Tx } from '../../domain/store/store.ts';
import { groupBy } from '../../domain/group-by.ts';
import { clockSkewMs, findOwnAttempts } from '../../redistribution/own-attempt.ts';
import type { Deps } from '../deps.ts';
import { type CountedAlert, countersOf, findTicket, isShown, toAlertRecord } from './counted-alert.ts';
import { touchTickets } from './touch-tickets.ts';

/** Which alerts are the failure mail of our own re-runs, and of which attempts. */
export async function findJoining(
  deps: Deps,
  tx: Tx,
  alerts: readonly CountedAlert[],
): Promise<ReadonlyMap<CountedAlert, readonly OwnAttempt[]>> {
  const ofJobs = alerts.filter(({ job }) => job !== null);
  if (ofJobs.length === 0) return new Map();
  const first = Math.min(...ofJobs.map(({ at }) => at.getTime()));
  const attempts = await tx.ownAttempts(
    [...deps.policies.servers.keys()],
    [...new Set(ofJobs.map(({ job }) => job ?? ''))],
    [...new Set(ofJobs.flatMap(({ recipient, device }) => spellingsOf(deps, recipient ?? device)))],
    new Date(first - clockSkewMs),
  );
  if (attempts.length === 0) return new Map();
  const named = attempts.map((one) => ({ ...one, recipient: nameDevice(one.recipient, deps.inventory) }));
  const isNumbered = (server: string) => deps.policies.servers.get(server)?.recorder != null;
  const found = ofJobs.map((alert) => [alert, findOwnAttempts(alert, named, isNumbered)] as const);
  return new Map(found.filter(([, own]) => own.length > 0));
}

/** What a command may call a device, which the ledger repeats. */
function spellingsOf({ inventory }: Deps, name: string): readonly string[] {
  const device = inventory.find(name);
  return [name, device?.fqdn, device?.ip].filter((one) => one != null);
}

/** What the failure mail of an attempt says of the failed jobs: the ledger knows its server, packages and number. */
export function failuresOf(alert: CountedAlert, attempts: readonly OwnAttempt[]): readonly FailedJob[] {
  return attempts.map(({ server, job, recipient, package: name, attempt }) => {
    const failure = { server, job, recipient, package: name, attempt };
    return { ...failure, failedAt: alert.at, cause: alert.announced, knownFrom: 'alert' };
  });
}

/**
 * The failure mail of our own re-runs joins their attempts: it belongs to the live ticket, if there is one, but opens none,
 * and none again; the redistribution tells what failed.
 */
export async function joinAttempts(deps: Deps, tx: Tx, alerts: readonly CountedAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  const live = await tx.liveTickets([...new Set(alerts.flatMap(countersOf))]);
  const placed = alerts.map((alert) => ({ alert, ticket: findTicket(alert, live) }));
  await tx.addAlerts(
    placed.map(({ alert, ticket }) => {
      const record = toAlertRecord(alert, ticket);
      return ticket ? record : { ...record, state: 'suppressed', reason: 'joined-attempt' };
    }),
  );
  const joined = placed.flatMap(({ alert, ticket }) => (ticket ? [{ alert, ticket }] : []));
  const byTicket = groupBy(joined, ({ ticket }) => ticket);
  await tx.absorbAll(new Map([...byTicket].map(([{ id }, group]) => [id, group.map(({ alert }) => alert)])));
  await touchTickets(deps, tx, [...byTicket.keys()].filter(isShown));
}
