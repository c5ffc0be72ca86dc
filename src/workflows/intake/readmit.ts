import { findDecisive, type GateResult, passed } from '../../domain/gate.ts';
import { createPlace } from '../../domain/intake.ts';
import type { StoredMail } from '../../domain/store/stored-mails.ts';
import type { Tx } from '../../domain/store/store.ts';
import { storableText } from '../../domain/storable.ts';
import { readRules } from '../counting/thresholds-in-force.ts';
import { countMails } from './admit.ts';
import type { Deps } from '../deps.ts';
import { endedItsReader } from './read-carefully.ts';
import type { ReadMail } from './read-mail.ts';
import { rawMailOf, readStored } from './stored-mail.ts';

/** What became of the wish to let a mail in after all. */
export interface Readmitted {
  readonly id: number;
  readonly readmitted: boolean;
  /** A stable word in kebab-case. */
  readonly reason:
    | 're-admitted'
    | 'unknown-mail'
    | 'accepted-already'
    | 'source-dropped'
    | 'known-already'
    | 'unreadable'
    | 'no-alert';
  /** The same for people. */
  readonly message: string;
}

/**
 * Lets a stored mail in as if validation had passed (A5), once: its alerts are counted at their own time, and it keeps
 * who let it in. All in one transaction.
 */
export async function readmitMail(deps: Deps, id: number, by: string): Promise<Readmitted> {
  const stored = await deps.store.transaction((tx) => tx.storedMail(id));
  if (!stored) return refusal(id, 'unknown-mail', `There is no mail ${id}.`);
  const raw = rawMailOf(stored);
  if (!raw)
    return refusal(id, 'source-dropped', `Mail ${id} is older than mail is kept: nothing of it can be read.`);
  const read = await readStored(deps, stored, raw).catch(() => null);
  if (!read || read.reading.gates.at(-1)?.reason === endedItsReader)
    return refusal(id, 'unreadable', `Mail ${id} can't be read as a message.`);
  try {
    return (await letIn(deps, id, read, by)) ?? readmitted(id, read);
  } catch (error) {
    // The same mail may have come in at the same moment.
    const fault = await deps.store.transaction(async (tx) =>
      findFault(tx, id, await tx.storedMail(id), read),
    );
    if (!fault) throw error;
    return fault;
  }
}

async function findFault(
  tx: Tx,
  id: number,
  mail: StoredMail | null,
  { key, formerKey, head, reading }: ReadMail,
): Promise<Readmitted | null> {
  if (!mail) return refusal(id, 'unknown-mail', `There is no mail ${id}.`);
  if (mail.state === 'accepted' || mail.readmittedBy !== null) {
    const who = mail.readmittedBy === null ? 'when it came' : `by ${mail.readmittedBy} before`;
    return refusal(id, 'accepted-already', `Mail ${id} was let in ${who}.`);
  }
  const isNews = reading.recoveries.length > 0 && mail.reason !== 'recovery';
  if (reading.state !== 'accepted' && !isNews) {
    const { gate, reason } = findDecisive(reading.gates) ?? { gate: 'format', reason: 'unread' };
    const hint = `restage explain --id ${id} --draft proposes a format where none knows it.`;
    return refusal(
      id,
      'no-alert',
      `Mail ${id} announces no failure that could count (${gate}: ${reason}); ${hint}`,
    );
  }
  const same = await tx.mailIdOf({ key, formerKey, subject: storableText(head?.subject ?? '') });
  return same === null || same === id
    ? null
    : refusal(id, 'known-already', `Mail ${id} is a copy of mail ${same}, which counts already.`);
}

/** Like any mail it has its key before counting is locked. Answers why it can't be let in; null: it was. */
async function letIn(deps: Deps, id: number, read: ReadMail, by: string): Promise<Readmitted | null> {
  const at = deps.clock.now();
  let fault: Readmitted | null = null;
  await deps.store.intakeTransaction({
    place: createPlace(null),
    moreFollows: false,
    mails: () => [],
    async store(tx) {
      const mail = await tx.storedMail(id);
      fault = await findFault(tx, id, mail, read);
      if (mail && fault === null) await markReadmitted(tx, mail, read, by, at);
    },
    async count(tx) {
      if (fault !== null) return;
      const rules = await readRules(deps, tx);
      // A person wants it to count, however old it is.
      await countMails(deps, tx, [read], new Map([[read.key, id]]), rules, null);
      await tx.audit({ at, who: by, what: 're-admitted', about: `mail ${id}` });
    },
  });
  return fault;
}

async function markReadmitted(
  tx: Tx,
  mail: StoredMail,
  { key, reading }: ReadMail,
  by: string,
  at: Date,
): Promise<void> {
  await tx.readmitMail(mail.id, {
    key,
    state: reading.state,
    format: reading.format,
    gates: [...mail.gates, vouch(mail, by), ...reading.gates],
    alertCount: reading.alerts.length,
    by,
    at,
  });
}

/** The gate that had stopped the mail is opened by a person. */
function vouch({ gates }: StoredMail, by: string): GateResult {
  const stopping = gates.findLast((gate) => !gate.passed);
  return passed(stopping?.gate ?? 'mime', 're-admitted', { by, stoppedBefore: stopping?.reason ?? null });
}

function gainOf({ reading: { alerts, recoveries } }: ReadMail): string {
  if (alerts.length === 0)
    return `it says that ${recoveries.map(({ device }) => device).join(', ')} works again`;
  return alerts.length === 1 ? '1 alert counts now' : `${alerts.length} alerts count now`;
}

function readmitted(id: number, read: ReadMail): Readmitted {
  const message = `Mail ${id} is re-admitted: ${gainOf(read)}.`;
  return { id, readmitted: true, reason: 're-admitted', message };
}

function refusal(id: number, reason: Readmitted['reason'], message: string): Readmitted {
  return { id, readmitted: false, reason, message };
}
