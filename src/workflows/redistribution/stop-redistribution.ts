import type { ButtonClick } from '../../domain/chat.ts';
import type { ServerProfile } from '../../domain/server.ts';
import type { RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { codeSpan } from '../../messages/escape.ts';
import { renderMarkup } from '../../messages/notice.ts';
import { mention } from '../../messages/wording.ts';
import type { Deps } from '../deps.ts';
import { tellInThread, wantRedistributionMessage } from './redistribution-message.ts';
import { asItWasSent } from './run-folder.ts';
import { settleCommands } from './settle-command.ts';

/**
 * A click on *Stop* (B12), which anybody may press: what waits is never started, in one transaction with the job that ends
 * what runs.
 */
export async function askToStop(deps: Deps, click: ButtonClick): Promise<string | null> {
  return deps.store.transaction(async (tx) => {
    await tx.lockCounting();
    const record = await tx.redistribution(click.value);
    if (!record) return 'This redistribution is not known any more.';
    if (record.state !== 'approved' && record.state !== 'running') return `It is ${record.state} already.`;
    if (record.stoppedBy) return 'It is being stopped already.';
    const { userId, teamId } = click.person;
    const at = deps.clock.now();
    await tx.audit({ at, who: `${teamId}/${userId}`, what: 'stop', about: `redistribution ${record.id}` });
    await tx.changeRedistribution(record.id, [record.state], { stoppedBy: click.person });
    const waiting = (await tx.commandsOf(record.id)).filter(({ state }) => state === 'approved');
    const endings = waiting.map((command) => ({ command, kind: 'unstarted', reason: 'stopped' }) as const);
    await settleCommands(deps, tx, record, endings);
    await wantRedistributionMessage(deps, tx, record);
    await tx.enqueue({ queue: 'stop', redistributionId: record.id });
    return null;
  });
}

/**
 * Ends what runs of a redistribution that somebody stopped, and tells whether anything of it still lives. Rejects with
 * `server-unreachable` while the server is away: call again later.
 */
export async function stopRedistribution(deps: Deps, id: string): Promise<void> {
  const { record, running } = await deps.store.transaction(async (tx) => {
    const commands = await tx.commandsOf(id);
    return {
      record: await tx.redistribution(id),
      running: commands.filter(({ state }) => state === 'running'),
    };
  });
  const profile = record && deps.policies.servers.get(record.server);
  if (!profile || !record.stoppedBy || running.length === 0) return;
  const stops = await Promise.all(running.map((one) => deps.servers.stop(asItWasSent(profile, one), one.id)));
  const left = stops.filter(({ isOver }) => !isOver).length;
  deps.log.info({ redistribution: id, stopped: running.length, left }, 'commands stopped');
  await deps.store.transaction((tx) => tellStop(deps, tx, record, profile, left));
}

async function tellStop(
  deps: Deps,
  tx: Tx,
  record: RedistributionRecord,
  { name }: ServerProfile,
  left: number,
): Promise<void> {
  const who = record.stoppedBy === null ? '' : ` by ${mention(record.stoppedBy.userId)}`;
  const text =
    left === 0
      ? `:octagonal_sign: Stopped${who}: nothing of it runs on ${codeSpan(name)} any more.`
      : `:warning: Stopped${who}, but something of it still runs on ${codeSpan(name)}, and takes no signals from the bot: look there.`;
  // Two bots, or a stop that is tried again, come to the same end.
  await tx.lockCounting();
  const noteId = `${record.id}-${left === 0 ? 'stopped' : 'stop-left'}`;
  await tellInThread(deps, tx, { ...record, noteId }, renderMarkup(text));
}
