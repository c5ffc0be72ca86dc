import type { ButtonClick, ChatMessage, Person } from '../../domain/chat.ts';
import { RestageError } from '../../domain/errors.ts';
import type { ServerProfile } from '../../domain/server.ts';
import type { DryRun } from '../../domain/store/dry-runs.ts';
import type { CommandRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { renderDryRun } from '../../messages/dry-run.ts';
import { refuseDecision } from '../../redistribution/decide-approval.ts';
import { planDryRun } from '../../redistribution/dry-run.ts';
import { quoteArgv } from '../../redistribution/quote-argv.ts';
import type { Deps } from '../deps.ts';
import { standingAt } from './decide-redistribution.ts';
import { runnableCommands } from './runnable.ts';

/** Each is a login and a message in the thread. */
const triedAtOnce = 10;
const keptCharacters = 4_000;

/** A click on *Dry run* (B11): what runs is tried, as far as its tools can, and the thread tells. */
export async function askForDryRun(deps: Deps, { value: id, person }: ButtonClick): Promise<string | null> {
  const standing = await standingAt(deps, { id, person });
  return deps.store.transaction(async (tx) => {
    const record = await tx.redistribution(id);
    const profile = record && deps.policies.servers.get(record.server);
    if (!record || !profile || standing === null) return 'This redistribution is not known any more.';
    const refusal = refuseDecision(record, person, standing);
    if (refusal !== null) return refusal;
    if ((await tx.openDryRuns(id)).length > 0) return 'A dry run is under way; see the thread.';
    const runs = planAll(deps, person, profile, runnableCommands(await tx.commandsOf(id)));
    if (runs.length === 0) return 'None of these commands can be tried.';
    if (runs.length > triedAtOnce) {
      return `${runs.length} commands can be tried, ${triedAtOnce} at once. *Select…* fewer first.`;
    }
    await tx.addDryRuns(runs);
    const who = `${person.teamId}/${person.userId}`;
    const what = `dry run of ${runs.length} commands`;
    await tx.audit({ at: deps.clock.now(), who, what, about: `redistribution ${id}` });
    for (const run of runs) await wantDryRunMessage(deps, tx, run);
    await tx.enqueue({ queue: 'dry-run', redistributionId: id });
    return null;
  });
}

function planAll(
  deps: Deps,
  requestedBy: Person,
  profile: ServerProfile,
  commands: readonly CommandRecord[],
): DryRun[] {
  const requestedAt = deps.clock.now();
  return commands.flatMap(({ id: commandId, redistributionId, command }) => {
    const plan = planDryRun(command, profile.allowed);
    if (!plan.possible) return [];
    const id = `${commandId}-dry-${deps.newId()}`;
    const about = { id, redistributionId, commandId, argv: plan.argv, requestedBy, requestedAt };
    return [{ ...about, output: '', exitCode: null, note: null, endedAt: null }];
  });
}

/** Tries what is to be tried, one after the other. Started again after a crash it attaches to what was under way. */
export async function tryCommands(deps: Deps, redistributionId: string, signal: AbortSignal): Promise<void> {
  for (const run of await deps.store.transaction((tx) => tx.openDryRuns(redistributionId))) {
    const end = await tryCommand(deps, run, signal);
    if (signal.aborted) return;
    await deps.store.transaction(async (tx) => {
      if (!(await tx.endDryRun(run.id, end, deps.clock.now()))) return;
      await wantDryRunMessage(deps, tx, run);
    });
  }
}

/** How it went. It is evidence and no more: what goes wrong is said, and nothing is tried again by itself. */
async function tryCommand(
  deps: Deps,
  run: DryRun,
  signal: AbortSignal,
): Promise<Pick<DryRun, 'output' | 'exitCode' | 'note'>> {
  const failed = (note: string) => ({ output: '', exitCode: null, note });
  const { command, server } = await deps.store.transaction(async (tx) => ({
    command: await tx.command(run.commandId),
    server: (await tx.redistribution(run.redistributionId))?.server ?? '',
  }));
  const profile = deps.policies.servers.get(server);
  if (!profile || !command) return failed('its server is not in the config any more');
  const plan = planDryRun(command.command, profile.allowed);
  if (!plan.possible) return failed(plan.reason);
  if (quoteArgv(plan.argv) !== quoteArgv(run.argv)) return failed('the command was changed meanwhile');
  try {
    return await follow(deps, profile, run, command.command.cwd, signal);
  } catch (error) {
    deps.log.warn({ dryRun: run.id, error: String(error) }, 'dry run failed');
    return failed(error instanceof RestageError ? error.message : 'an error inside Restage; see its log');
  }
}

async function follow(
  deps: Deps,
  profile: ServerProfile,
  { id, argv }: DryRun,
  cwd: string,
  signal: AbortSignal,
): Promise<Pick<DryRun, 'output' | 'exitCode' | 'note'>> {
  // Nothing is approved yet: the key for reading must do.
  const reader = { ...profile, runKeyFile: null };
  const decoder = new TextDecoder();
  let output = '';
  const watcher = {
    onSend: () => {},
    onSeen: () => {},
    onOutput: (chunk: Uint8Array) => {
      output = (output + decoder.decode(chunk, { stream: true }))
        .replaceAll('\0', '\u2400')
        .slice(-keptCharacters);
    },
  };
  const env = profile.running.sudo === null ? profile.running.environment : {};
  const request = { id, argv, cwd, env, mayStart: true };
  const outcome = await deps.servers.run(reader, request, watcher, signal);
  if (outcome.outcome === 'exited') return { output, exitCode: outcome.exitCode, note: null };
  return { output, exitCode: null, note: 'reason' in outcome ? outcome.reason : 'it has not run' };
}

/** The message about a dry run; null when it is gone. */
export async function renderDryRunMessage(deps: Deps, id: string): Promise<ChatMessage | null> {
  const run = await deps.store.transaction((tx) => tx.dryRun(id));
  return run && renderDryRun(run, quoteArgv(run.argv), deps.policies.timeZone);
}

async function wantDryRunMessage(deps: Deps, tx: Tx, { id, redistributionId }: DryRun): Promise<void> {
  const parent = await tx.deliveryOf('redistribution', redistributionId);
  if (!parent) return;
  const { channel } = parent;
  const message = { kind: 'dry-run', subjectId: id, channel, parentId: parent.id, body: null } as const;
  await tx.wantDelivery({ ...message, id: deps.newId() }, deps.clock.now());
  await tx.enqueue({ queue: 'deliver', channel });
}
