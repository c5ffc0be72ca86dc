import { compileFormats, type CompiledFormat, formatApplies, readTexts } from '../../alert/formats.ts';
import type { Mail } from '../../domain/mail.ts';
import type { AlertFormat } from '../../domain/policy.ts';
import type { StoredMailLine } from '../../domain/store/stored-mails.ts';
import type { InspectionDeps } from '../deps.ts';
import { endedItsReader } from '../intake/read-carefully.ts';
import { rawMailOf } from '../intake/stored-mail.ts';

/** What a drafted format would take of stored mail. */
export interface Trial {
  /** Mails that it was tried on. */
  readonly mails: number;
  readonly taken: number;
  /** Of those taken, the ones that another format knows. */
  readonly known: number;
}

/** So many that it takes a second, and shows also what comes once a week. */
const triedMails = 1_000;
const triedBytes = 262_144;
const readAtOnce = 10;

/** Tries a format on the newest stored mails, in small portions: in between others have their turn. */
export async function tryOnStored(deps: InspectionDeps, draft: AlertFormat): Promise<Trial> {
  const lines = await deps.store.transaction((tx) =>
    tx.storedMails({ state: null, since: null, limit: triedMails }),
  );
  const formats = compileFormats([draft]);
  let trial: Trial = { mails: 0, taken: 0, known: 0 };
  for (const [index, line] of lines.filter(isTried).entries()) {
    const mail = await readLine(deps, line);
    if (mail !== null) trial = add(trial, line, mail, formats);
    if (index % readAtOnce === 0)
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
  }
  return trial;
}

/** Formats never see what the headers alone reject; who ended its reader would end this process. */
function isTried({ gate, reason, via }: StoredMailLine): boolean {
  return gate !== 'domain' && gate !== 'subject' && reason !== endedItsReader && !via.startsWith('http:');
}

async function readLine(deps: InspectionDeps, { id }: StoredMailLine): Promise<Mail | null> {
  const stored = await deps.store.transaction((tx) => tx.storedMail(id));
  const raw = stored === null ? null : rawMailOf(stored);
  if (raw === null || raw.source.byteLength > triedBytes) return null;
  return deps.readMime(raw, 'lenient').catch(() => null);
}

function add(trial: Trial, line: StoredMailLine, mail: Mail, formats: readonly CompiledFormat[]): Trial {
  const texts = readTexts(mail);
  const takes = formats.some((format) => formatApplies(format, texts));
  return {
    mails: trial.mails + 1,
    taken: trial.taken + (takes ? 1 : 0),
    known: trial.known + (takes && line.format !== null ? 1 : 0),
  };
}
