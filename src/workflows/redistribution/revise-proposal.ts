import type { FormFaults, ModalSubmission, Person } from '../../domain/chat.ts';
import type { ServerProfile } from '../../domain/server.ts';
import type { CommandRecord, RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { joinFaults } from '../../messages/form-parts.ts';
import { readEditForm } from '../../messages/edit-form.ts';
import { readSelectForm } from '../../messages/select-form.ts';
import { refuseDecision } from '../../redistribution/decide-approval.ts';
import { planOf } from '../../redistribution/plan.ts';
import { editCommand } from '../../redistribution/revise.ts';
import { withVerification } from '../../redistribution/with-verification.ts';
import type { Deps } from '../deps.ts';
import { standingAt } from './decide-redistribution.ts';
import { wantRedistributionMessage } from './redistribution-message.ts';
import { putCommand, select, setBreadth } from './revise-command.ts';
import { digestOf } from './runnable.ts';
import { showWhole } from './show-whole.ts';

/** What a form about a proposal carries, so that nobody changes what they were not shown. */
export function proposalKey(id: string, digest: string | null): string {
  return `${id} ${digest ?? 'none'}`;
}

/** The form *Select* that somebody sent: which commands run, and for whom (B10). */
export async function submitSelect(
  deps: Deps,
  submission: Pick<ModalSubmission, 'metadata' | 'person' | 'values'>,
): Promise<FormFaults> {
  const { metadata, person } = submission;
  const [id = '', digest = ''] = metadata.split(' ');
  return revise(deps, { id, digest, person, block: 'breadth' }, (commands, profile) => {
    const chosen = readSelectForm(
      submission,
      commands.map(({ command }) => command.job),
    );
    if ('faults' in chosen) return chosen;
    const change = { person, at: deps.clock.now() };
    const revised = commands.map((record, index) =>
      select(setBreadth(record, chosen.breadth, profile, change), chosen.numbers.has(index + 1)),
    );
    const count = revised.filter(({ selected }) => selected).length;
    const what = `selected ${count} of ${revised.length} commands, ${chosen.breadth === 'whole' ? 'whole lists' : 'what failed'}`;
    return { revised, what, reason: 'what runs was selected anew' };
  });
}

/** The form *Edit* that somebody sent: a command's arguments (B11). */
export async function submitEdit(deps: Deps, submission: ModalSubmission): Promise<FormFaults> {
  const { metadata, person } = submission;
  const [commandId = '', digest = ''] = metadata.split(' ');
  const command = await deps.store.transaction((tx) => tx.command(commandId));
  const edited = readEditForm(submission);
  if ('faults' in edited) return edited.faults;
  const { argv, blockOf } = edited;
  const id = command?.redistributionId ?? '';
  return revise(deps, { id, digest, person, block: blockOf(null) }, (commands, profile) => {
    const index = commands.findIndex((one) => one.id === commandId);
    const record = commands[index];
    if (!record) return { faults: { [blockOf(null)]: 'This command is gone.' } };
    const revision = editCommand(record.command, argv, profile);
    if (!revision.taken) {
      const faults = revision.faults.map(({ reason, index: at }) => [blockOf(at), `${reason}.`] as const);
      return { faults: joinFaults(faults) };
    }
    const verifiable = withVerification(revision.command, profile);
    const changed = putCommand(record, verifiable, { person, at: deps.clock.now() });
    const what = `edited command ${index + 1}: ${JSON.stringify(record.command.argv)} to ${JSON.stringify(argv)}`;
    return { revised: commands.with(index, changed), what, reason: `command ${index + 1} was edited since` };
  });
}

/** What *Select* does, as text: `1-20, nightly-*`. Answers what is wrong; null: done. */
export async function selectByTyping(
  deps: Deps,
  { id, digest, person }: { readonly id: string; readonly digest: string | null; readonly person: Person },
  numbers: string,
): Promise<string | null> {
  const values = { numbers, breadth: 'failed' };
  const faults = await submitSelect(deps, { metadata: proposalKey(id, digest), person, values });
  return faults === null ? null : Object.values(faults).join(' ');
}

interface Revising {
  readonly id: string;
  /** Of what the person was shown. */
  readonly digest: string;
  readonly person: Person;
  /** Where a form says what is wrong with all of it. */
  readonly block: string;
}

type Revised =
  | { readonly faults: Readonly<Record<string, string>> }
  | {
      readonly revised: readonly CommandRecord[];
      /** For the audit. */
      readonly what: string;
      /** Why approvals from before do not count any more. */
      readonly reason: string;
    };

/** Changes a proposal in one transaction: its commands, its digest, its approvals, its message. */
async function revise(
  deps: Deps,
  { id, digest, person, block }: Revising,
  work: (commands: readonly CommandRecord[], profile: ServerProfile) => Revised,
): Promise<FormFaults> {
  const standing = await standingAt(deps, { id, person });
  return deps.store.transaction(async (tx) => {
    const record = await tx.redistribution(id);
    const profile = record && deps.policies.servers.get(record.server);
    if (!record || !profile || standing === null) {
      return { [block]: 'This redistribution is not known any more.' };
    }
    const refusal = refuseDecision(record, person, standing);
    if (refusal !== null) return { [block]: refusal };
    if ((record.digest ?? 'none') !== digest) {
      return { [block]: 'Somebody changed it meanwhile. Close this, look at it, and begin again.' };
    }
    const commands = await tx.commandsOf(id);
    const result = work(commands, profile);
    if ('faults' in result) return result.faults;
    await keep(deps, tx, record, commands, { ...result, person });
    return null;
  });
}

async function keep(
  deps: Deps,
  tx: Tx,
  record: RedistributionRecord,
  before: readonly CommandRecord[],
  { revised, what, reason, person }: Exclude<Revised, { faults: unknown }> & { readonly person: Person },
): Promise<void> {
  const proposal = { digest: digestOf(revised, record.binding), plan: planOf(revised) };
  const changed = revised.filter((one, index) => one !== before[index]);
  await tx.reviseCommands(changed);
  if (proposal.digest !== record.digest) await tx.voidApprovals(record.id, null, reason);
  await tx.changeRedistribution(record.id, ['proposed'], proposal);
  const who = `${person.teamId}/${person.userId}`;
  await tx.audit({ at: deps.clock.now(), who, what, about: `redistribution ${record.id}` });
  await wantRedistributionMessage(deps, tx, record);
  await showWhole(deps, tx, { ...record, ...proposal });
}
