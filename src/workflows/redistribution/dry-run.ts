import type { ChatMessage } from '../../domain/chat.ts';
import { RestageError } from '../../domain/errors.ts';
import type { RunRequest, ServerProfile } from '../../domain/server.ts';
import type { DryRun } from '../../domain/store/dry-runs.ts';
import type { Tx } from '../../domain/store/store.ts';
import { renderDryRun } from '../../messages/dry-run.ts';
import { issueFreely, planDryRun } from '../../redistribution/dry-run.ts';
import { quoteArgv } from '../../redistribution/quote-argv.ts';
import type { Trial } from '../../redistribution/tool/tool.ts';
import type { Deps } from '../deps.ts';
import { describeFreezePlainly } from '../../messages/freeze.ts';
import { freezeOf } from './freeze.ts';
import { findDrift, readBinding } from './run-binding.ts';
import { asItWasSent } from './run-folder.ts';

const keptCharacters = 4_000;

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
  const { command, record, freeze } = await deps.store.transaction(async (tx) => {
    const found = await tx.redistribution(run.redistributionId);
    const frozen = found && (await freezeOf(deps, tx, found.server));
    return { command: await tx.command(run.commandId), record: found, freeze: frozen };
  });
  const profile = deps.policies.servers.get(record?.server ?? '');
  if (!profile || !command) return failed('its server is not in the config any more');
  const plan = planDryRun(command.command, profile.allowed);
  if (!plan.possible) return failed(plan.reason);
  const drift = record && findDrift(record, [command], await readBinding(deps, record.server));
  if (drift) return failed(`since it was proposed the config was changed: ${drift}`);
  if (quoteArgv(plan.argv) !== quoteArgv(run.argv)) return failed('the command was changed meanwhile');
  if (plan.effect !== null && run.approvedBy.length === 0) {
    return failed(`it needs an approval, and has none: ${plan.effect}`);
  }
  // Later it is only looked at: what is decided needs no evidence.
  const mayStart = record?.state === 'proposed' && freeze === null;
  const argv = plan.effect === null ? issueFreely(plan.argv) : plan.argv;
  const request = { id: run.id, argv, cwd: command.command.cwd, env: envOf(profile, plan), mayStart };
  try {
    const end = await follow(deps, asItWasSent(profile, run), request, signal);
    if (end !== null) return end;
    return failed(freeze ? describeFreezePlainly(freeze, deps.policies.timeZone) : 'it has not run');
  } catch (error) {
    deps.log.warn({ dryRun: run.id, error: String(error) }, 'dry run failed');
    return failed(error instanceof RestageError ? error.message : 'an error inside Restage; see its log');
  }
}

/** Only what people approved gets the config's environment: it may name a program. */
function envOf({ running }: ServerProfile, { effect }: Trial): RunRequest['env'] {
  return effect === null || running.sudo !== null ? {} : running.environment;
}

/** Returns how it ended; `null` if the server does not have it, and it must not start. */
async function follow(
  deps: Deps,
  profile: ServerProfile,
  request: RunRequest,
  signal: AbortSignal,
): Promise<Pick<DryRun, 'output' | 'exitCode' | 'note'> | null> {
  // The run is not approved yet: the key for reading must do.
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
  const outcome = await deps.servers.run(reader, request, watcher, signal);
  if (outcome.outcome === 'exited') return { output, exitCode: outcome.exitCode, note: null };
  return 'reason' in outcome ? { output, exitCode: null, note: outcome.reason } : null;
}

/** The message about a dry run; null when it is gone. */
export async function renderDryRunMessage(deps: Deps, id: string): Promise<ChatMessage | null> {
  const run = await deps.store.transaction((tx) => tx.dryRun(id));
  return run && renderDryRun(run, quoteArgv(run.argv), deps.policies.timeZone);
}

export async function wantDryRunMessage(deps: Deps, tx: Tx, { id, redistributionId }: DryRun): Promise<void> {
  const parent = await tx.deliveryOf('redistribution', redistributionId);
  if (!parent) return;
  const { channel } = parent;
  const message = { kind: 'dry-run', subjectId: id, channel, parentId: parent.id, body: null } as const;
  await tx.wantDelivery({ ...message, id: deps.newId() }, deps.clock.now());
  await tx.enqueue({ queue: 'deliver', channel });
}
