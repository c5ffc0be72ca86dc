import { kindOf, type UnknownMail } from '../../alert/unknown-mail.ts';
import type { ButtonClick, ChatMessage } from '../../domain/chat.ts';
import { renderFormatDraft } from '../../messages/unknown-mail.ts';
import type { Deps } from '../deps.ts';
import { explainDraft } from '../explain/explain-draft.ts';
import { readmitMails } from './mail-operations.ts';

const mostMails = 5_000;
const keptDays = 30;
/** Enough to see what they have in common. */
const draftedFrom = 5;
/** So that a click ends within a minute; a second click takes the next ones. */
const letInAtOnce = 200;

/** *Draft a format*: from the newest mails of the kind that the button is about. */
export async function draftByClick(deps: Deps, click: ButtonClick): Promise<string | ChatMessage> {
  const kind = await findKind(deps, Number(click.value));
  if (kind.length === 0) return 'A format knows these mails by now, or they are not kept any longer.';
  const ids = kind.slice(0, draftedFrom).map(({ id }) => id);
  const explained = await explainDraft(deps, { named: [], ids, probe: false, others: [] });
  const draft = explained.find((one) => one.draft !== null)?.draft ?? null;
  return draft === null ? 'A format of the config reads these mails: let them in.' : renderFormatDraft(draft);
}

/** *Let them in*: re-admits all mails of a kind that a format reads by now, each once. */
export async function letInByClick(deps: Deps, click: ButtonClick): Promise<string> {
  const kind = await findKind(deps, Number(click.value));
  if (kind.length === 0) return 'None of these mails is left: a format read them, or somebody let them in.';
  const { teamId, userId } = click.person;
  const ids = kind.slice(0, letInAtOnce).map(({ id }) => id);
  const results = await readmitMails(deps, { ids, by: `${teamId}/${userId}` });
  const letIn = results.filter(({ readmitted }) => readmitted).length;
  const refused = results.find(({ readmitted }) => !readmitted);
  const left = kind.length - ids.length;
  return [
    `${letIn} of ${ids.length} mails are let in.`,
    ...(refused ? [`The others are not, such as: ${refused.message}`] : []),
    ...(left > 0 ? [`${left} more are left: click again.`] : []),
  ].join(' ');
}

/** The newest first; empty if the mail is of no kind that is unknown. */
async function findKind(deps: Deps, id: number): Promise<readonly UnknownMail[]> {
  const since = new Date(deps.clock.now().getTime() - keptDays * 24 * 3_600_000);
  return deps.store.transaction(async (tx) => {
    const mail = await tx.storedMail(id);
    if (!mail) return [];
    const mails = await tx.unknownMails(since, mostMails);
    return mails
      .filter((each) => kindOf(each) === kindOf(mail))
      .toSorted((a, b) => b.receivedAt.getTime() - a.receivedAt.getTime());
  });
}
