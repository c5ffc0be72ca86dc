import type { ButtonClick } from '../../domain/chat.ts';
import type { RecipientResult } from '../../domain/redistribution.ts';
import type { CommandEnd, CommandRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { renderMarkup } from '../../messages/notice.ts';
import { mention } from '../../messages/wording.ts';
import type { Deps } from '../deps.ts';
import { resolveRepairedTickets } from './finish-redistribution.ts';
import { tellInThread, wantRedistributionMessage } from './redistribution-message.ts';
import { commitEnds } from './settle-command.ts';

/**
 * A click on *It ran* or *It did not* (B13): a person has looked at the server, and knows what the bot does not. What ran is
 * cleared; what did not stays in the list.
 */
export async function resolveByPerson(
  deps: Deps,
  click: ButtonClick,
  hasRun: boolean,
): Promise<string | null> {
  return deps.store.transaction(async (tx) => {
    await tx.lockCounting();
    const command = await tx.command(click.value);
    if (command?.state !== 'unknown') return 'Its outcome is known by now.';
    const { teamId, userId } = click.person;
    const what = hasRun ? 'it ran' : 'it did not run';
    const at = deps.clock.now();
    await tx.audit({ at, who: `${teamId}/${userId}`, what, about: `command ${command.id}` });
    const said = hasRun ? 'somebody says that it ran' : 'somebody says that it did not run';
    const results = command.results.map((one) => decided(one, hasRun, said));
    await resolveCommand(deps, tx, command, {
      ...command,
      state: results.every(({ result }) => result === 'succeeded') ? 'succeeded' : 'failed',
      results,
      note: `Its end was unknown; ${said}.`,
      endedAt: command.endedAt ?? at,
    });
    const redistribution = await tx.redistribution(command.redistributionId);
    const told = `${mention(userId)} says of command ${command.ordinal + 1}: ${what}.`;
    if (redistribution) await tellInThread(deps, tx, redistribution, renderMarkup(told));
    return null;
  });
}

/** An unknown outcome has become known: all that follows from it, in the caller's transaction. */
export async function resolveCommand(
  deps: Deps,
  tx: Tx,
  command: CommandRecord,
  end: CommandEnd,
): Promise<void> {
  const record = await tx.redistribution(command.redistributionId);
  if (!record) return;
  await commitEnds(deps, tx, record, [{ command, end }], ['unknown']);
  await wantRedistributionMessage(deps, tx, record);
  await resolveRepairedTickets(deps, tx, record.server);
}

function decided(one: RecipientResult, hasRun: boolean, said: string): RecipientResult {
  if (one.result !== 'unknown') return one;
  return hasRun
    ? { name: one.name, result: 'succeeded', cause: null }
    : { name: one.name, result: 'failed', cause: said };
}
