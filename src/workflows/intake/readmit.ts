import { type GateResult, passed } from '../../domain/gate.ts';
import type { StoredMail } from '../../domain/store/stored-mails.ts';
import type { Tx } from '../../domain/store/store.ts';
import { readRules } from '../counting/thresholds-in-force.ts';
import { countMails } from './admit.ts';
import type { Deps } from '../deps.ts';
import { type ReadMail, readVouchedMail } from './read-mail.ts';
import { rawMailOf } from './stored-mail.ts';

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
  const read = await readVouchedMail(deps, raw).catch(() => null);
  if (!read) return refusal(id, 'unreadable', `Mail ${id} can't be read as a message.`);
  return deps.store.transaction(async (tx) => {
    await tx.lockCounting();
    const current = await tx.storedMail(id);
    const fault = current && (await findFault(tx, current, read));
    if (!current || fault) return fault ?? refusal(id, 'unknown-mail', `There is no mail ${id}.`);
    await letIn(deps, tx, current, read, by);
    return {
      id,
      readmitted: true,
      reason: 're-admitted',
      message: `Mail ${id} is re-admitted: ${gainOf(read)}.`,
    };
  });
}

async function findFault(tx: Tx, mail: StoredMail, { key, reading }: ReadMail): Promise<Readmitted | null> {
  const { id } = mail;
  if (mail.state === 'accepted' || mail.readmittedBy !== null) {
    const who = mail.readmittedBy === null ? 'when it came' : `by ${mail.readmittedBy} before`;
    return refusal(id, 'accepted-already', `Mail ${id} was let in ${who}.`);
  }
  const isNews = reading.recoveries.length > 0 && mail.reason !== 'recovery';
  if (reading.state !== 'accepted' && !isNews) {
    const { gate, reason } = reading.gates.at(-1) ?? { gate: 'format', reason: 'unread' };
    const hint = `restage explain --id ${id} --draft proposes a format where none knows it.`;
    return refusal(
      id,
      'no-alert',
      `Mail ${id} announces no failure that could count (${gate}: ${reason}); ${hint}`,
    );
  }
  const same = await tx.mailIdOf(key);
  return same === null || same === id
    ? null
    : refusal(id, 'known-already', `Mail ${id} is a copy of mail ${same}, which counts already.`);
}

async function letIn(deps: Deps, tx: Tx, mail: StoredMail, read: ReadMail, by: string): Promise<void> {
  const { key, reading } = read;
  const at = deps.clock.now();
  await tx.readmitMail(mail.id, {
    key,
    state: reading.state,
    format: reading.format,
    gates: [...mail.gates, vouch(mail, by), ...reading.gates],
    alertCount: reading.alerts.length,
    by,
    at,
  });
  // A person wants it to count, however old it is.
  const rules = await readRules(deps, tx);
  await countMails(deps, tx, [read], new Map([[key, mail.id]]), rules, null);
  await tx.audit({ at, who: by, what: 're-admitted', about: `mail ${mail.id}` });
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

function refusal(id: number, reason: Readmitted['reason'], message: string): Readmitted {
  return { id, readmitted: false, reason, message };
}
