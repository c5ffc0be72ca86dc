import type { ButtonClick, ChatMessage, SlashCommand } from '../../domain/chat.ts';
import { RestageError } from '../../domain/errors.ts';
import { mailStates } from '../../domain/mail.ts';
import { renderNotice } from '../../messages/notice.ts';
import { describeUnknownWord } from '../../messages/unknown-word.ts';
import { mailsListed, renderMailList, renderMailModal } from '../../messages/stored-mails.ts';
import type { Deps } from '../deps.ts';
import { listMails } from './mail-operations.ts';
import { readmitMail } from './readmit.ts';
import { viewMail } from './stored-mail.ts';

export const mailsUsage =
  '`/restage mails [rejected|dead-letter|ignored|accepted] [24h]` lists what came in, to look at and to re-admit.';

/** The latest mails of a state (default: rejected), for whoever asks alone. */
export async function showMails(
  deps: Deps,
  _command: SlashCommand,
  words: readonly string[],
): Promise<ChatMessage> {
  const since = words.find((word) => /^\d/.test(word)) ?? null;
  const [state = 'rejected', ...more] = words.filter((word) => word !== since);
  if (more.length > 0) return renderNotice(`Usage: ${mailsUsage}`);
  if (!mailStates.some((known) => known === state))
    return renderNotice(`${describeUnknownWord(state, 'state of a mail', mailStates)}\nUsage: ${mailsUsage}`);
  try {
    const mails = await listMails(deps, { state, since, limit: mailsListed });
    const wanted = `${state} mails${since === null ? '' : ` of the last ${since}`}`;
    return renderMailList(mails, wanted, deps.policies.timeZone);
  } catch (error) {
    if (error instanceof RestageError && error.code === 'input-invalid')
      return renderNotice(`${error.message}\nUsage: ${mailsUsage}`);
    throw error;
  }
}

/** *Look*: the mail in a modal. */
export async function lookAtMail(deps: Deps, click: ButtonClick): Promise<string | null> {
  const view = await viewMail(deps, Number(click.value));
  if (!view) return `There is no mail ${click.value}.`;
  await deps.chat.openModal(click.triggerId, renderMailModal(view, deps.policies.timeZone));
  return null;
}

/** *Re-admit*: says what came of it to whoever clicked. */
export async function readmitByClick(deps: Deps, click: ButtonClick): Promise<string> {
  const { teamId, userId } = click.person;
  const { message } = await readmitMail(deps, Number(click.value), `${teamId}/${userId}`);
  return message;
}
