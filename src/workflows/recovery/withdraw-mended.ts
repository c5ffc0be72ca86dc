import type { FailedJob } from '../../domain/redistribution.ts';
import type { CommandRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { keyOf } from '../../redistribution/key-of.ts';
import type { Deps } from '../deps.ts';
import { wantRedistributionMessage } from '../redistribution/redistribution-message.ts';

/**
 * Withdraws the proposals that would do again what has succeeded meanwhile, and says so: nobody is to approve them. What a
 * recovery offers of the server is shown as it is now.
 */
export async function withdrawMended(
  deps: Deps,
  tx: Tx,
  server: string,
  mended: readonly FailedJob[],
): Promise<void> {
  const done = new Set(mended.map(({ job, recipient, package: name }) => keyOf(job, recipient, name)));
  for (const proposal of await tx.redistributionsOf(server, ['proposed'])) {
    const commands = await tx.commandsOf(proposal.id);
    const outdated = commands.filter((command) => wouldRepeat(command, done));
    if (outdated.length === 0) continue;
    const note = `${outdated.length} of its ${commands.length} commands would repeat what has succeeded meanwhile. Ask again for what is left.`;
    if (await tx.changeRedistribution(proposal.id, ['proposed'], { state: 'expired', note })) {
      await wantRedistributionMessage(deps, tx, proposal);
    }
  }
  const offer = await tx.openOffer(server);
  if (!offer) return;
  await tx.touchDelivery('recovery', offer.id, deps.clock.now());
  await tx.enqueue({ queue: 'deliver', channel: offer.channel });
}

function wouldRepeat({ command, selected }: CommandRecord, done: ReadonlySet<string>): boolean {
  const { job, recipients, packages } = command;
  return selected && recipients.some((name) => packages.some((one) => done.has(keyOf(job, name, one))));
}
