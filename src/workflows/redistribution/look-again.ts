import type { RunOutcome } from '../../domain/server.ts';
import type { CommandRecord, RedistributionRecord } from '../../domain/store/redistributions.ts';
import { isTimeUp } from '../../domain/time-up.ts';
import type { Deps } from '../deps.ts';
import { issueCommand } from './issue-command.ts';
import { longestWaitMs, nextLookAt } from './look-schedule.ts';
import { readResults } from './read-results.ts';
import { resolveCommand } from './resolve-unknown.ts';
import { asItWasSent } from './run-folder.ts';
import { describeEnd } from './settle-command.ts';

/**
 * Looks at the server for what became of commands whose outcome is unknown (B13): their run may have left its end there
 * after all, or its record in the log. What stays unknown is looked after again later.
 */
export async function lookAgain(deps: Deps, id: string, signal: AbortSignal): Promise<void> {
  const now = deps.clock.now();
  const { record, due } = await deps.store.transaction(async (tx) => ({
    record: await tx.redistribution(id),
    due: (await tx.commandsOf(id)).filter(
      (one) => one.state === 'unknown' && one.lookAt && isTimeUp(one.lookAt, now, longestWaitMs),
    ),
  }));
  if (!record) return;
  for (const command of due) {
    try {
      await lookAt(deps, record, command, signal);
    } catch (error) {
      deps.log.info({ command: command.id, error: String(error) }, 'unknown outcome not looked up yet');
    }
    const keepRunsMs = deps.policies.servers.get(record.server)?.running.keepRunsMs ?? 0;
    const lookNext = nextLookAt(command.endedAt ?? now, now, keepRunsMs);
    await deps.store.transaction((tx) => tx.changeCommands([command.id], ['unknown'], { lookAt: lookNext }));
  }
}

async function lookAt(
  deps: Deps,
  record: RedistributionRecord,
  command: CommandRecord,
  signal: AbortSignal,
): Promise<void> {
  const profile = deps.policies.servers.get(record.server);
  if (!profile) return;
  const watcher = { onSend: () => {}, onSeen: () => {}, onOutput: () => {} };
  const request = { ...issueCommand(command, profile), mayStart: false };
  const found = await deps.servers.run(asItWasSent(profile, command), request, watcher, signal);
  const outcome = isEnd(found) ? found : ({ outcome: 'unknown', reason: command.note ?? '' } as const);
  const ran = {
    command,
    kind: 'ran',
    outcome,
    results: [],
    output: command.output,
    verification: null,
  } as const;
  const [ending] = await readResults(deps, profile, [ran]);
  if (!ending) return;
  const end = describeEnd(record, ending, command.endedAt ?? deps.clock.now());
  const isKnown = end.results.every(({ result }) => result !== 'unknown');
  if (!isKnown) return;
  const hasFailed = end.results.some(({ result }) => result === 'failed');
  const note = 'Its end was unknown; it was found on the server later.';
  await deps.store.transaction(async (tx) => {
    await tx.lockCounting();
    await resolveCommand(deps, tx, command, { ...end, state: hasFailed ? 'failed' : 'succeeded', note });
  });
}

function isEnd(outcome: RunOutcome): outcome is Extract<RunOutcome, { readonly outcome: 'exited' }> {
  return outcome.outcome === 'exited';
}
