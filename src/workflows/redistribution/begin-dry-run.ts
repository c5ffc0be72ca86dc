import type { ButtonClick, Person } from '../../domain/chat.ts';
import type { ServerProfile } from '../../domain/server.ts';
import type { DryRun } from '../../domain/store/dry-runs.ts';
import type { CommandRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { describeFreezePlainly } from '../../messages/freeze.ts';
import { refuseDecision } from '../../redistribution/decide-approval.ts';
import { planDryRun } from '../../redistribution/dry-run.ts';
import type { Deps } from '../deps.ts';
import { standingAt } from './decide-redistribution.ts';
import { wantDryRunMessage } from './dry-run.ts';
import { freezeOf } from './freeze.ts';
import { runFolderOf } from './run-folder.ts';
import { runnableCommands } from './runnable.ts';

/** Each is a login and a message in the thread. */
const triedAtOnce = 10;

/** Handles a click on *Dry run* (B11): tries the commands whose tool proves that it only lists. Returns why not, or `null`. */
export async function askForDryRun(deps: Deps, { value: id, person }: ButtonClick): Promise<string | null> {
  const standing = await standingAt(deps, { id, person });
  return deps.store.transaction(async (tx) => {
    const record = await tx.redistribution(id);
    const profile = record && deps.policies.servers.get(record.server);
    if (!record || !profile || standing === null) return 'This redistribution is not known any more.';
    const refusal = refuseDecision(record, person, standing);
    if (refusal !== null) return refusal;
    const freeze = await freezeOf(deps, tx, record.server);
    if (freeze !== null) return `Not now: ${describeFreezePlainly(freeze, deps.policies.timeZone)}.`;
    const commands = runnableCommands(await tx.commandsOf(id));
    const runs = planDryRuns(deps, profile, commands, { requestedBy: person, approvedBy: null });
    const fault = await refuseDryRuns(tx, id, runs);
    if (fault !== null) return fault;
    await beginDryRuns(deps, tx, id, runs, person);
    return null;
  });
}

/** Returns why these cannot be tried now; `null` if they can. */
export async function refuseDryRuns(tx: Tx, id: string, runs: readonly DryRun[]): Promise<string | null> {
  if ((await tx.openDryRuns(id)).length > 0) return 'A dry run is under way; see the thread.';
  if (runs.length === 0) return 'None of these commands can be tried so.';
  if (runs.length <= triedAtOnce) return null;
  return `${runs.length} commands can be tried, ${triedAtOnce} at once. *Select…* fewer first.`;
}

/** Returns the free dry runs, or (`approvedBy`) those that were approved. */
export function planDryRuns(
  deps: Deps,
  profile: ServerProfile,
  commands: readonly CommandRecord[],
  {
    requestedBy,
    approvedBy,
  }: { readonly requestedBy: Person; readonly approvedBy: readonly Person[] | null },
): DryRun[] {
  const requestedAt = deps.clock.now();
  return commands.flatMap(({ id: commandId, redistributionId, command }) => {
    const plan = planDryRun(command, profile.allowed);
    if (!plan.possible || (plan.effect === null) !== (approvedBy === null)) return [];
    const id = `${commandId}-dry-${deps.newId()}`;
    const about = { id, redistributionId, commandId, argv: plan.argv, requestedBy, requestedAt };
    const runFolder = runFolderOf(profile);
    const end = { output: '', exitCode: null, note: null, endedAt: null };
    return [{ ...about, ...end, runFolder, approvedBy: approvedBy ?? [] }];
  });
}

/** Commits what is to be tried, with the job that tries it. */
export async function beginDryRuns(
  deps: Deps,
  tx: Tx,
  id: string,
  runs: readonly DryRun[],
  { teamId, userId }: Person,
): Promise<void> {
  await tx.addDryRuns(runs);
  const what = `dry run of ${runs.length} commands`;
  const about = `redistribution ${id}`;
  await tx.audit({ at: deps.clock.now(), who: `${teamId}/${userId}`, what, about });
  for (const run of runs) await wantDryRunMessage(deps, tx, run);
  await tx.enqueue({ queue: 'dry-run', redistributionId: id });
}
