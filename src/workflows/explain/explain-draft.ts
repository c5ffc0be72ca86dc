import { RestageError } from '../../domain/errors.ts';
import type { RawMail } from '../../domain/mail.ts';
import type { InspectionDeps } from '../deps.ts';
import { endedItsReader, readMimeCarefully } from '../intake/read-carefully.ts';
import { rawMailOf } from '../intake/stored-mail.ts';
import { draftFor } from './draft.ts';
import { type Explanation, explainRead, readAsReceived } from './explain.ts';

interface DraftInput {
  readonly named: readonly { readonly file: string; readonly raw: RawMail }[];
  /** Stored mails. */
  readonly ids: readonly number[];
  readonly probe: boolean;
  /** Mails that the format must not take. */
  readonly others: readonly RawMail[];
}

/**
 * Explains mails, and drafts one format for those that none knows: it stands with the first of them. Stored mail is read once
 * more; if it ended its reader, in a process of its own.
 * @throws RestageError `input-invalid` for an id that is none, or a source that is not kept any longer.
 */
export async function explainDraft(
  deps: InspectionDeps,
  { named, ids, probe, others }: DraftInput,
): Promise<readonly Explanation[]> {
  const stored = await Promise.all(ids.map((id) => readStoredSource(deps, id)));
  const reads = await Promise.all(
    [...named.map((one) => ({ ...one, isApart: false })), ...stored].map(async ({ file, raw, isApart }) => ({
      file,
      read: await readAsReceived(isApart ? readingApart(deps) : deps, raw),
    })),
  );
  const explanations = await Promise.all(
    reads.map(({ file, read }) => explainRead(deps, read, { file, probe })),
  );
  const draft = await draftFor(
    stored.some(({ isApart }) => isApart) ? readingApart(deps) : deps,
    reads.map(({ read }) => read),
    { isAskedFor: true, others },
  );
  const first = explanations.findIndex(({ format }) => format === null);
  return explanations.map((explanation, index) =>
    index === first ? { ...explanation, draft } : explanation,
  );
}

async function readStoredSource(deps: InspectionDeps, id: number) {
  const mail = await deps.store.transaction((tx) => tx.storedMail(id));
  if (!mail) throw new RestageError('input-invalid', `There is no mail ${id}.`);
  const raw = rawMailOf(mail);
  if (raw) return { file: `mail ${id}`, raw, isApart: mail.reason === endedItsReader };
  throw new RestageError(
    'input-invalid',
    `Mail ${id} is older than mail is kept: nothing of it can be read.`,
  );
}

/** Bodies are read in a process of their own. */
function readingApart(deps: InspectionDeps): InspectionDeps {
  const readMime = (raw: RawMail) => readMimeCarefully(deps, raw);
  const openMail = (raw: RawMail) => ({ ...deps.openMail(raw), readBody: () => readMime(raw) });
  return { ...deps, openMail, readMime };
}
