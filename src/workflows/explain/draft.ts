import { draftFormat } from '../../alert/draft/draft-format.ts';
import { renderFormat } from '../../alert/draft/render-format.ts';
import { compileFormats, formatApplies, readTexts } from '../../alert/formats.ts';
import { readFormat } from '../../alert/read-format.ts';
import { shippedFormats } from '../../alert/shipped-formats.ts';
import { type Mail, type RawMail, UnreadableMail } from '../../domain/mail.ts';
import type { AlertFormat } from '../../domain/policy.ts';
import type { InspectionDeps } from '../deps.ts';
import type { ReadMail } from '../intake/read-mail.ts';
import { type Trial, tryOnStored } from './try-format.ts';

interface DraftOptions {
  /** For any mail that no format knows, also for one that was rejected before. */
  readonly isAskedFor: boolean;
  /** Mails that the format must not take. */
  readonly others: readonly RawMail[];
}

/**
 * Drafts one format for those of the mails that none knows, tries it on stored mail, and returns it as YAML with what came of
 * it; `null` if each is known, or nothing can be read.
 */
export async function draftFor(
  deps: InspectionDeps,
  reads: readonly ReadMail[],
  { isAskedFor, others }: DraftOptions,
): Promise<string | null> {
  const wanted: Mail[] = [];
  for (const read of reads) {
    const mail = await unknownMail(deps, read, isAskedFor);
    if (mail !== null) wanted.push(mail);
  }
  if (wanted.length === 0) return null;
  const kept = await Promise.all(others.map((raw) => readLeniently(deps, raw)));
  const not = kept.filter((mail) => mail !== null);
  const shipped = Object.keys(shippedFormats);
  const format = draftFormat(wanted, {
    others: not,
    isKnownDevice: (host) => deps.inventory.find(host) !== null,
    taken: [...shipped, ...deps.policies.formats.map(({ name }) => name)],
  });
  const lines = [...describeSets(deps, format, wanted, not), describeTrial(await tryOnStored(deps, format))];
  return `${lines.map((line) => `# ${line}\n`).join('')}${renderFormat(format, shipped)}`;
}

async function unknownMail(
  deps: InspectionDeps,
  { raw, head, mail: read, reading }: ReadMail,
  isAskedFor: boolean,
): Promise<Mail | null> {
  if (head === null || (read === null && !isAskedFor && reading.state !== 'dead-letter')) return null;
  const mail = read ?? (await readLeniently(deps, raw));
  if (mail === null) return null;
  const texts = readTexts(mail);
  const isUnknown = !deps.policies.formats.some((format) => formatApplies(format, texts));
  return reading.state === 'dead-letter' || (isAskedFor && isUnknown) ? mail : null;
}

/** `null` if it can't be read within the bounds that hold for everything. */
async function readLeniently(deps: InspectionDeps, raw: RawMail): Promise<Mail | null> {
  try {
    return await deps.readMime(raw, 'lenient');
  } catch (error) {
    if (error instanceof UnreadableMail) return null;
    throw error;
  }
}

function describeSets(
  deps: InspectionDeps,
  format: AlertFormat,
  wanted: readonly Mail[],
  not: readonly Mail[],
): readonly string[] {
  const formats = compileFormats([format]);
  const read = (mail: Mail) => readFormat(mail, deps.clock.now(), formats, deps.inventory);
  const readings = wanted.map(read);
  const alerts = readings.filter(({ state }) => state === 'accepted').length;
  const recoveries = readings.filter(({ state }) => state === 'ignored').length;
  const wrong = not.filter((mail) => read(mail).state === 'accepted').length;
  return [
    `Of these ${wanted.length} mails it reads ${alerts} as failures and ${recoveries} as word that something works.`,
    ...(not.length === 0 ? [] : [`Of the ${not.length} mails that it must not take it takes ${wrong}.`]),
    ...(wrong === 0 ? [] : ['Add a literal that only the wanted mails have: no word of theirs was found.']),
  ];
}

function describeTrial({ mails, taken, known }: Trial): string {
  if (mails === 0) return 'There is no stored mail to try it on.';
  return `Tried on the newest ${mails} stored mails: it would take ${taken} stored mails, ${known} of known formats.`;
}
