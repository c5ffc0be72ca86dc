import type { Who } from '../../domain/approval.ts';
import { type Person, terminalTeam } from '../../domain/chat.ts';
import { RestageError } from '../../domain/errors.ts';
import type { RedistributionState } from '../../domain/redistribution.ts';
import type { CommandRecord, RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { ApprovalsView } from '../../messages/approvals.ts';
import { renderListing } from '../../messages/listing.ts';
import { isRunnable } from '../../redistribution/plan.ts';
import type { Deps } from '../deps.ts';
import { approveRedistribution } from './decide-redistribution.ts';
import { gather } from './gather.ts';
import { startRedistributions } from './request-redistribution.ts';
import { selectByTyping } from './revise-proposal.ts';
import { approvalsOf, toCommandView } from './view-redistribution.ts';

/** What somebody typed in a terminal (B5). */
export interface RedistributeInput {
  /** `SERVER-or-DEVICE [period]` or `job J [period]`. */
  readonly text: string;
  /** Only these commands, as the form *Select* takes them; null: all. */
  readonly only: string | null;
  /** Approve it, too. */
  readonly approve: boolean;
  /** They have looked twice at what is in doubt. */
  readonly confirmed: boolean;
  /** The user of that machine. */
  readonly user: string;
  /** No bot is running: the logs are read here and now. */
  readonly alone: boolean;
}

/** What came of it on one server, as JSON. */
export interface RedistributeOutput {
  readonly id: string;
  readonly server: string;
  readonly channel: string;
  readonly state: RedistributionState;
  readonly note: string | null;
  readonly digest: string | null;
  /** All that would run, uncut, in plain text. */
  readonly listing: string;
  readonly commands: readonly ListedCommand[];
  /** Failures for which no command was found. */
  readonly withoutCommand: number;
  readonly approvalsNeeded: number;
  readonly approvals: readonly { readonly userId: string; readonly at: Date }[];
  /** Who may approve, for people. */
  readonly approvers: string;
  /** Why it was not approved though somebody asked for that; null: it was, or nobody did. */
  readonly notApproved: string | null;
}

interface ListedCommand {
  readonly number: number;
  readonly job: string;
  readonly attempt: number;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly packages: readonly string[];
  readonly recipients: readonly string[];
  readonly selected: boolean;
  readonly refusal: string | null;
}

/** The bot's workers read the logs; this looks whether they are through. */
const lookEveryMs = 250;
const patienceMs = 10 * 60_000;

/**
 * The same as `/redistribute` and its buttons, from a terminal: proposes in the server's channel, under the same rules, and
 * approves only what the person behind the terminal may. @throws RestageError `input-invalid` saying what is wrong.
 */
export async function redistributeFromTerminal(
  deps: Deps,
  input: RedistributeInput,
): Promise<readonly RedistributeOutput[]> {
  const person = personOf(deps, input.user);
  const channel = deps.policies.routing.fallbackChannel;
  const request = { text: input.text, person, channel, deliveryKey: `terminal-${deps.newId()}` };
  const started = await startRedistributions(deps, request);
  if (started.ids.length === 0) throw new RestageError('input-invalid', started.answers.join('\n'));
  const outputs: RedistributeOutput[] = [];
  for (const id of started.ids) outputs.push(await propose(deps, id, person, input));
  return outputs;
}

/** Whoever is nobody in the config can ask, where everybody can, and approve nothing. */
function personOf(deps: Deps, user: string): Person {
  const userId = deps.policies.approval.terminalUsers[user];
  return { teamId: terminalTeam, userId: userId ?? `terminal:${user}` };
}

async function propose(
  deps: Deps,
  id: string,
  person: Person,
  input: RedistributeInput,
): Promise<RedistributeOutput> {
  if (input.alone) await gather(deps, id);
  const record = await waitForProposal(deps, id);
  if (record.state === 'proposed' && input.only !== null) {
    const fault = await selectByTyping(deps, { id, digest: record.digest, person }, input.only);
    if (fault !== null) throw new RestageError('input-invalid', fault);
  }
  const notApproved = input.approve ? await approve(deps, id, person, input.confirmed) : null;
  return describe(deps, await load(deps, id), notApproved);
}

async function waitForProposal(deps: Deps, id: string): Promise<RedistributionRecord> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += lookEveryMs) {
    const record = await deps.store.transaction((tx) => tx.redistribution(id));
    if (record && record.state !== 'gathering') return record;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  throw new RestageError(
    'server-unreachable',
    'The logs are still being read; the proposal will be in Slack.',
  );
}

/** Why not; null: it counts. */
async function approve(deps: Deps, id: string, person: Person, confirmed: boolean): Promise<string | null> {
  const { state, digest } = await load(deps, id);
  if (state !== 'proposed') return `It is ${state}.`;
  if (!Object.values(deps.policies.approval.terminalUsers).includes(person.userId)) {
    return 'approval.terminalUsers in the config does not say who you are, so that you can only propose.';
  }
  const answer = await approveRedistribution(deps, { id, digest: digest ?? '', person, confirmed });
  return answer === null || typeof answer === 'string' ? answer : answer.text;
}

/** A redistribution with all that a terminal shows of it. */
interface Loaded extends RedistributionRecord, ApprovalsView {
  readonly commands: readonly CommandRecord[];
}

async function load(deps: Deps, id: string): Promise<Loaded> {
  return deps.store.transaction(async (tx) => {
    const record = await tx.redistribution(id);
    if (!record) throw new RestageError('input-invalid', `There is no redistribution ${id}.`);
    return { ...record, ...(await approvalsOf(deps, tx, record)), commands: await tx.commandsOf(id) };
  });
}

function describe(deps: Deps, loaded: Loaded, notApproved: string | null): RedistributeOutput {
  const { id, server, channel, state, digest, approvalsNeeded, commands } = loaded;
  const note = [...loaded.unread, ...(loaded.note === null ? [] : [loaded.note])].join(' ') || null;
  return {
    id,
    server,
    channel,
    state,
    note,
    digest,
    listing: commands.length === 0 ? '' : renderListing({ ...loaded, commands: commands.map(toCommandView) }),
    commands: commands.map(({ command, ordinal, selected }) => ({
      number: ordinal + 1,
      job: command.job,
      attempt: command.attempt,
      argv: command.argv,
      cwd: command.cwd,
      packages: command.packages,
      recipients: command.recipients,
      selected: isRunnable({ command, selected }),
      refusal: command.refusal,
    })),
    withoutCommand: loaded.unmatched.length,
    approvalsNeeded,
    approvals: loaded.approvals
      .filter(({ voided }) => voided === null)
      .map(({ person, at }) => ({ userId: person.userId, at })),
    approvers: describeApprovers(deps.policies.approval.approvers, channel),
    notApproved,
  };
}

function describeApprovers(approvers: readonly Who[], channel: string): string {
  if (approvers.length === 0) return `anybody in #${channel}`;
  const words = approvers.map((who) => {
    if (who.kind === 'user') return who.userId;
    return who.kind === 'group' ? `the group ${who.groupId}` : `the members of #${who.channel ?? channel}`;
  });
  return words.join(', ');
}
