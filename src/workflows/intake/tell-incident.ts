import type { Incident, NewIncident } from '../../domain/store/heartbeats.ts';
import type { Tx } from '../../domain/store/store.ts';
import { renderRecovery } from '../../messages/incident.ts';
import type { Deps } from '../deps.ts';

type Finding = Pick<NewIncident, 'reason' | 'detail' | 'since'>;

/** Tells once that an intake fails, in the channel for what belongs to nobody. */
export async function openIncident(deps: Deps, tx: Tx, intake: string, finding: Finding): Promise<void> {
  const { reason, detail, since } = finding;
  const openedAt = deps.clock.now();
  const id = await tx.addIncident({ intake, reason, detail, since, openedAt });
  if (id === null) return;
  const channel = deps.policies.routing.fallbackChannel;
  await tx.wantDelivery(
    { id: deps.newId(), kind: 'incident', subjectId: String(id), channel, parentId: null, body: null },
    openedAt,
  );
  await tx.enqueue({ queue: 'deliver', channel });
  deps.log.error({ intake, reason, detail, since }, 'intake failed');
}

/** The failure shows itself in another way now. */
export async function changeIncident(deps: Deps, tx: Tx, open: Incident, finding: Finding): Promise<void> {
  const { reason, detail } = finding;
  await tx.changeIncident(open.id, { reason, detail });
  await touch(deps, tx, open);
}

/** The message says that it is over, and so does its thread. */
export async function closeIncident(deps: Deps, tx: Tx, open: Incident): Promise<void> {
  const recoveredAt = deps.clock.now();
  await tx.changeIncident(open.id, { recoveredAt });
  await touch(deps, tx, open);
  const parent = await tx.deliveryOf('incident', String(open.id));
  deps.log.info({ intake: open.intake, since: open.since }, 'intake recovered');
  if (!parent) return;
  const { channel } = parent;
  const body = renderRecovery({ ...open, recoveredAt });
  await tx.wantDelivery(
    { id: deps.newId(), kind: 'note', subjectId: `incident ${open.id}`, channel, parentId: parent.id, body },
    recoveredAt,
  );
  await tx.enqueue({ queue: 'deliver', channel });
}

async function touch(deps: Deps, tx: Tx, { id }: Incident): Promise<void> {
  await tx.touchDelivery('incident', String(id), deps.clock.now());
  await tx.enqueue({ queue: 'deliver', channel: deps.policies.routing.fallbackChannel });
}
