import type { Mail, RawMail } from '../../domain/mail.ts';
import type { StoredMail } from '../../domain/store/stored-mails.ts';
import { alertsLookedAt } from '../../messages/stored-mails.ts';
import type { InspectionDeps } from '../deps.ts';
import type { ExplainedAlert } from '../explain/explain.ts';
import { explainAlertsOf } from '../explain/explain-stored.ts';
import { endedItsReader, readCarefully } from './read-carefully.ts';
import { type ReadMail, readVouchedMail } from './read-mail.ts';

/** A stored mail as it came in; null when its source is not kept any more. */
export function rawMailOf({ source, via, receivedAt, mediaType, key, gates }: StoredMail): RawMail | null {
  if (source === null) return null;
  const isCut = gates.some(
    ({ reason, values }) => reason === 'partial' && values['because'] === 'source-cut',
  );
  const raw = { source, via, receivedAt, mediaType, isCut };
  return mediaType === 'application/json' ? { ...raw, key } : raw;
}

/** A stored mail with its readable content, for people to look at. */
export interface MailView extends Omit<StoredMail, 'source'> {
  /** Of a JSON alert there are none. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** null: not kept any more. */
  readonly text: string | null;
  /** The first of its alerts, with the gates that they met since. */
  readonly alerts: readonly ExplainedAlert[];
}

/** Longest text that is handed on to be looked at. */
const shownLength = 20_000;

/** A stored mail, decoded as far as that is possible; null for an id that is none. */
export async function viewMail(deps: InspectionDeps, id: number): Promise<MailView | null> {
  const found = await deps.store.transaction(async (tx) => {
    const mail = await tx.storedMail(id);
    return mail && { mail, alerts: await explainAlertsOf(deps, tx, id, alertsLookedAt) };
  });
  if (!found) return null;
  const { mail: stored, alerts } = found;
  const { source: _, ...rest } = stored;
  const line = { ...rest, alerts };
  const raw = rawMailOf(stored);
  if (!raw) return { ...line, headers: [], text: null };
  const mail = await readStored(deps, stored, raw).then(
    (read) => read.mail,
    () => null,
  );
  return { ...line, headers: headersOf(mail), text: (mail?.text ?? asText(raw)).slice(0, shownLength) };
}

/**
 * Reads a stored mail for a person. One that ended its reader gets a process of its own again.
 * @throws Error if it can't be read at all.
 */
export async function readStored(
  deps: InspectionDeps,
  { reason }: Pick<StoredMail, 'reason'>,
  raw: RawMail,
): Promise<ReadMail> {
  return reason === endedItsReader ? readCarefully(deps, raw, 'vouched') : readVouchedMail(deps, raw);
}

function headersOf(mail: Mail | null): MailView['headers'] {
  return [...(mail?.headers ?? [])].flatMap(([name, values]) => values.map((value) => ({ name, value })));
}

/** What can't be read as a message is shown as it is. */
function asText({ source }: RawMail): string {
  return new TextDecoder('latin1').decode(source.subarray(0, shownLength));
}
