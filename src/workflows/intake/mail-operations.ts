import { parseDuration } from '../../domain/duration.ts';
import { RestageError } from '../../domain/errors.ts';
import { type MailState, mailStates } from '../../domain/mail.ts';
import type { StoredMailLine } from '../../domain/store/stored-mails.ts';
import type { Deps, InspectionDeps } from '../deps.ts';
import type { Readmitted } from './readmit.ts';
import { readmitMail } from './readmit.ts';
import type { MailView } from './stored-mail.ts';
import { viewMail } from './stored-mail.ts';

export interface MailsInput {
  readonly state: string | null;
  /** Such as `24h`. */
  readonly since: string | null;
  readonly limit: number;
}

export interface ReadmitInput {
  readonly ids: readonly number[];
  readonly by: string;
}

/** Stored mails, the newest first. @throws RestageError `input-invalid` for a state or a time that is none. */
export async function listMails(
  deps: Pick<InspectionDeps, 'store' | 'clock'>,
  { state, since, limit }: MailsInput,
): Promise<readonly StoredMailLine[]> {
  const filter = { state: readState(state), since: readSince(since, deps.clock.now()), limit };
  return deps.store.transaction((tx) => tx.storedMails(filter));
}

function readState(text: string | null): MailState | null {
  const state = mailStates.find((each) => each === text) ?? null;
  if (text !== null && state === null)
    throw new RestageError(
      'input-invalid',
      `"${text}" is no state of a mail; write ${mailStates.join(', ')}.`,
    );
  return state;
}

function readSince(text: string | null, now: Date): Date | null {
  if (text === null) return null;
  const ageMs = parseDuration(text);
  if (ageMs === null)
    throw new RestageError('input-invalid', `"${text}" is no duration; write one like 24h or 7d.`);
  return new Date(now.getTime() - ageMs);
}

export async function showMail(deps: InspectionDeps, { id }: { readonly id: number }): Promise<MailView> {
  const view = await viewMail(deps, id);
  if (!view) throw new RestageError('input-invalid', `There is no mail ${id}.`);
  return view;
}

/** One after the other, each in a transaction of its own: one that can't be let in holds up no other. */
export async function readmitMails(deps: Deps, { ids, by }: ReadmitInput): Promise<readonly Readmitted[]> {
  const results: Readmitted[] = [];
  for (const id of ids) results.push(await readmitMail(deps, id, by));
  return results;
}
