import { groupBy } from '../../domain/group-by.ts';
import type { RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { OpenFailures, RecoveryOffer, WatchRecord } from '../../domain/store/watches.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { Deps } from '../deps.ts';
import { channelOfServer } from '../redistribution/server-channel.ts';

/** What may be redistributed on one server because something is back. */
interface Affected {
  readonly server: string;
  /** null: all of the server's failures. */
  readonly recipients: readonly string[] | null;
  readonly from: Date;
}

/** A device, and all that is behind it where its return means theirs. */
export function namesBehind(
  { inventory }: Deps,
  { target, link }: Pick<WatchRecord, 'target' | 'link'>,
): readonly string[] {
  return link ? [target, ...inventory.behind(target).map(({ name }) => name)] : [target];
}

/** The servers on which something waits for it. */
export async function findAffected(deps: Deps, tx: Tx, watch: WatchRecord): Promise<readonly Affected[]> {
  const names = new Set(namesBehind(deps, watch));
  const failures = (await tx.openFailures([...names])).filter(({ server }) =>
    deps.policies.servers.has(server),
  );
  const affected = [...groupBy(failures, ({ server }) => server)].map(([server, group]) =>
    affectedOf(server, group, names),
  );
  const isKnown = affected.some(({ server }) => server === watch.target);
  if (isKnown || !deps.policies.servers.has(watch.target)) return affected;
  // Its own logs may tell what nobody could be told while it was down.
  const from = watch.downSince ?? watch.watchedSince;
  return [...affected, { server: watch.target, recipients: null, from }];
}

function affectedOf(server: string, group: readonly OpenFailures[], names: ReadonlySet<string>): Affected {
  const from = new Date(Math.min(...group.map(({ firstAt }) => firstAt.getTime())));
  if (names.has(server)) return { server, recipients: null, from };
  return { server, recipients: group.map(({ recipient }) => recipient), from };
}

/** Whether what it would be offered for is being redistributed already. */
export async function isUnderWay(deps: Deps, tx: Tx, watch: WatchRecord): Promise<boolean> {
  for (const { server } of await findAffected(deps, tx, watch)) {
    const busy = await tx.redistributionsOf(server, ['gathering', 'approved', 'running']);
    if (busy.length > 0) return true;
  }
  return false;
}

/**
 * Offers the redistribution of what waited for it (B4): one message for each server, to which what comes back next is added
 * until somebody takes it. What a proposal that waits for approval covers is not offered again.
 */
export async function offerRedistribution(deps: Deps, tx: Tx, watch: WatchRecord): Promise<void> {
  for (const affected of await findAffected(deps, tx, watch)) {
    const proposals = await tx.redistributionsOf(affected.server, ['proposed']);
    if (proposals.some(({ recipients }) => covers(recipients, affected.recipients))) continue;
    const open = await tx.openOffer(affected.server);
    const offer = open ? extend(open, watch.target, affected) : newOffer(deps, watch.target, affected);
    await tx.saveOffer(offer);
    const message = {
      id: deps.newId(),
      kind: 'recovery',
      subjectId: offer.id,
      parentId: null,
      body: null,
    } as const;
    await tx.wantDelivery({ ...message, channel: offer.channel }, deps.clock.now());
    await tx.enqueue({ queue: 'deliver', channel: offer.channel });
  }
}

function covers(proposed: readonly string[] | null, wanted: readonly string[] | null): boolean {
  if (proposed === null) return true;
  return wanted !== null && wanted.every((name) => proposed.includes(name));
}

function newOffer(deps: Deps, device: string, affected: Affected): RecoveryOffer {
  return {
    ...affected,
    id: deps.newId(),
    devices: [device],
    channel: channelOfServer(deps, affected.server) ?? deps.policies.routing.fallbackChannel,
    createdAt: deps.clock.now(),
    takenBy: null,
    takenAt: null,
  };
}

function extend(offer: RecoveryOffer, device: string, { recipients, from }: Affected): RecoveryOffer {
  const all = offer.recipients === null || recipients === null;
  return {
    ...offer,
    devices: [...new Set([...offer.devices, device])],
    recipients: all ? null : [...new Set([...(offer.recipients ?? []), ...(recipients ?? [])])],
    from: from < offer.from ? from : offer.from,
  };
}

/** Somebody begins a redistribution: the offer that it covers is taken. */
export async function takeOffer(
  deps: Deps,
  tx: Tx,
  {
    server,
    recipients,
    job,
    requestedBy,
  }: Pick<RedistributionRecord, 'server' | 'recipients' | 'job' | 'requestedBy'>,
): Promise<void> {
  const offer = await tx.openOffer(server);
  if (!offer || job !== null || !covers(recipients, offer.recipients)) return;
  const now = deps.clock.now();
  await tx.saveOffer({ ...offer, takenBy: requestedBy, takenAt: now });
  await tx.touchDelivery('recovery', offer.id, now);
  await tx.enqueue({ queue: 'deliver', channel: offer.channel });
}
