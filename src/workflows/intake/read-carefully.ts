import { ReaderEnded, type ReadingKind, ReaderUnavailable } from '../../domain/careful-reader.ts';
import { type Mail, type RawMail, UnreadableMail } from '../../domain/mail.ts';
import type { Deps } from '../deps.ts';
import { deadLetter, type ReadMail, readMail, readVouchedMail } from './read-mail.ts';

/** Of a dead letter that ended its reader: only a process of its own may read it. */
export const endedItsReader = 'ended-its-reader';

const tries = 2;

type CarefulDeps = Parameters<typeof readMail>[0] & Pick<Deps, 'carefulReader' | 'log'>;

/**
 * Reads a mail in a process of its own. One that ends two of them, alone in each, is set aside as a dead letter. If no
 * such process can be had, it is read here: no mail is set aside for that.
 * @throws Error if a vouched mail can't be read at all.
 */
export async function readCarefully(deps: CarefulDeps, raw: RawMail, kind: ReadingKind): Promise<ReadMail> {
  let detail = '';
  for (let count = 1; count <= tries; count += 1) {
    try {
      const read = await deps.carefulReader.read(raw, kind);
      if (read === null) throw new Error('it is no readable message');
      return { ...read, raw };
    } catch (error) {
      if (error instanceof ReaderUnavailable) {
        deps.log.warn({ via: raw.via, reason: error.message }, 'mail is not read apart');
        return readHere(deps, raw, kind);
      }
      if (!(error instanceof ReaderEnded)) throw error;
      detail = error.message;
    }
  }
  const setAside = deadLetter(deps, raw, null, endedItsReader, { detail, tries });
  deps.log.error({ key: setAside.key, via: raw.via, detail }, 'mail ended its reader twice; dead letter');
  return setAside;
}

/**
 * Reads a message's MIME structure in a process of its own.
 * @throws UnreadableMail `ended-its-reader` if it ends that twice.
 */
export async function readMimeCarefully(deps: CarefulDeps, raw: RawMail): Promise<Mail> {
  const { mail } = await readCarefully(deps, raw, 'vouched');
  if (mail === null) throw new UnreadableMail(endedItsReader, 'it ended its reader');
  return mail;
}

/** Reads a mail as `kind` says, in this process. @throws Error if a vouched mail can't be read at all. */
export function readHere(
  deps: Parameters<typeof readMail>[0],
  raw: RawMail,
  kind: ReadingKind,
): Promise<ReadMail> {
  return kind === 'vouched' ? readVouchedMail(deps, raw) : readMail(deps, raw, kind === 'received');
}
