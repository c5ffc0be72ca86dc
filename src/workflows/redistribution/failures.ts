import type {
  ButtonClick,
  ChatMessage,
  FormFaults,
  ModalSubmission,
  SlashCommand,
} from '../../domain/chat.ts';
import type { FailureScope } from '../../domain/store/dismissals.ts';
import {
  dismissalsListed,
  dismissForm,
  failuresListed,
  readScope,
  renderDismissed,
  renderFailures,
  writeScope,
} from '../../messages/failures.ts';
import type { Deps } from '../deps.ts';
import { resolveRepairedTickets } from './finish-redistribution.ts';
import { noteMended } from '../recovery/note-mended.ts';
import { refuseRequester } from './refuse-requester.ts';

export const failuresUsage =
  '`/restage failures [SERVER, DEVICE, JOB or PACKAGE]` lists what is open, since when and known from where, with *Dismiss…*, and what was dismissed lately, with *Undo*.';

const dismissedShownMs = 7 * 24 * 3_600_000;
/** Slack's limit of what a form carries. */
const metadataCharacters = 3_000;

/** `/restage failures …`: what is open (B1). */
export async function showFailures(
  deps: Deps,
  _command: SlashCommand,
  words: readonly string[],
): Promise<ChatMessage> {
  const typed = words.join(' ').trim();
  const device = deps.inventory.find(typed)?.name ?? null;
  const about = typed === '' ? null : (device ?? typed);
  const since = new Date(deps.clock.now().getTime() - dismissedShownMs);
  const found = await deps.store.transaction(async (tx) => ({
    ...(await tx.listOpenFailures(about, failuresListed)),
    dismissed: await tx.dismissals(since, dismissalsListed),
  }));
  const isOfRecipient = found.failures.every(({ recipients }) => recipients.every((one) => one === about));
  const recipient = isOfRecipient ? about : null;
  return renderFailures({ about, recipient, ...found }, deps.policies.timeZone);
}

/** A click on *Dismiss…*: the form that asks why. */
export async function askToDismiss(deps: Deps, click: ButtonClick): Promise<string | null> {
  const scope = readScope(click.value);
  if (scope === null) return 'This is gone: it was cleared or dismissed.';
  const withAnswer = JSON.stringify([writeScope(scope), click.responseUrl]);
  const metadata =
    withAnswer.length > metadataCharacters ? JSON.stringify([writeScope(scope), '']) : withAnswer;
  await deps.chat.openModal(click.triggerId, dismissForm(scope, metadata));
  return null;
}

/** The form that somebody sent: from now on nothing is to be done about these, for the reason given. */
export async function submitDismiss(
  deps: Deps,
  { metadata, person, values, deliveryKey }: ModalSubmission,
): Promise<FormFaults> {
  const reason = typeof values['reason'] === 'string' ? values['reason'].trim() : '';
  if (reason === '') return { reason: 'Say why.' };
  const { scope, responseUrl } = readMetadata(metadata);
  if (scope === null) return { reason: 'This is gone: it was cleared or dismissed.' };
  const channel = deps.policies.routing.fallbackChannel;
  const refusal = await refuseRequester(deps, { person, channel }, [scope.server]);
  if (refusal !== null) return { reason: refusal };
  const [id, at] = [deps.newId(), deps.clock.now()];
  const count = await deps.store.transaction(async (tx) => {
    if (!(await tx.firstSight(deliveryKey, at))) return 0;
    // Admission writes to the failed jobs and to tickets too.
    await tx.lockCounting();
    const dismissed = await tx.dismissFailures({ id, scope, by: person, at, reason });
    if (dismissed.length === 0) {
      await tx.undoDismissal(id);
      return 0;
    }
    const about = `failures ${writeScope(scope)}`;
    await tx.audit({
      at,
      who: `${person.teamId}/${person.userId}`,
      what: `dismissed ${dismissed.length}: ${reason}`,
      about,
    });
    await noteMended(tx, dismissed, { kind: 'dismissed', at, origin: dismissalOrigin(id) });
    await resolveRepairedTickets(deps, tx, scope.server);
    return dismissed.length;
  });
  if (count === 0) return { reason: 'Nothing of it is open now.' };
  if (responseUrl !== '') await deps.chat.respond(responseUrl, renderDismissed({ id, count }));
  return null;
}

const dismissalOrigin = (id: string): string => `dismissal ${id}`;

/** A click on *Undo*: what was dismissed is open again. */
export async function undoDismissal(deps: Deps, { value: id, person }: ButtonClick): Promise<string> {
  return deps.store.transaction(async (tx) => {
    await tx.lockCounting();
    const count = await tx.undoDismissal(id);
    if (count === 0) return 'It was undone already, or has been repeated since.';
    await tx.removeEvidence(dismissalOrigin(id));
    const who = `${person.teamId}/${person.userId}`;
    await tx.audit({
      at: deps.clock.now(),
      who,
      what: `dismissal undone: ${count}`,
      about: `dismissal ${id}`,
    });
    return `Open again: ${count}.`;
  });
}

function readMetadata(metadata: string): {
  readonly scope: FailureScope | null;
  readonly responseUrl: string;
} {
  const parts: unknown = JSON.parse(metadata);
  const [scope, responseUrl]: unknown[] = Array.isArray(parts) ? parts : [];
  return {
    scope: typeof scope === 'string' ? readScope(scope) : null,
    responseUrl: typeof responseUrl === 'string' ? responseUrl : '',
  };
}
