import { renderSourceNotice } from '../../messages/source-notice.ts';
import type { Deps } from '../deps.ts';

/**
 * Notes how a source is doing that is read again and again. That it broke, and that it is well again, is said once
 * in the fallback channel, however many bots see it.
 */
export async function noteSource(deps: Deps, name: string, fault: string | null): Promise<void> {
  const now = deps.clock.now();
  const channel = deps.policies.routing.fallbackChannel;
  await deps.store.transaction(async (tx) => {
    if ((await tx.noteSource(name, fault, now)) === 'unchanged') return;
    const body = renderSourceNotice(name, fault);
    const delivery = { id: deps.newId(), kind: 'note', subjectId: `source ${name}`, channel } as const;
    await tx.wantDelivery({ ...delivery, parentId: null, body }, now);
    await tx.enqueue({ queue: 'deliver', channel });
  });
}
