import type { JobRecord } from '../domain/redistribution.ts';
import type { Rerun } from './select.ts';

export interface NamedRecords {
  readonly records: readonly JobRecord[];
  /** The same in its own log's spelling, which its command knows. */
  readonly asLogged: (rerun: Rerun) => Rerun;
}

/**
 * Records with recipients called as alerts call them (B6): a log may have full names, or addresses. A run that names one
 * device twice stays as it is, since each of the two has a result of its own.
 */
export function nameRecipients(
  logged: readonly JobRecord[],
  nameOf: (recipient: string) => string,
): NamedRecords {
  const originals = new Map<JobRecord, JobRecord>();
  const find = remember(nameOf);
  const records = logged.map((original) => {
    const names = original.recipients.map(({ name }) => find(name));
    const isSame = names.every((name, index) => name === original.recipients[index]?.name);
    if (isSame || new Set(names).size < names.length) return original;
    const recipients = original.recipients.map((one, index) => ({ ...one, name: names[index] ?? one.name }));
    const record = { ...original, recipients };
    originals.set(record, original);
    return record;
  });
  const asLogged = (rerun: Rerun): Rerun => {
    const original = originals.get(rerun.record);
    if (!original) return rerun;
    const spelling = new Map(
      rerun.record.recipients.map(({ name }, index) => [name, original.recipients[index]?.name ?? name]),
    );
    const spell = (names: readonly string[]) => names.map((name) => spelling.get(name) ?? name);
    const { recipients, untold } = rerun;
    return { ...rerun, record: original, recipients: spell(recipients), untold: spell(untold) };
  };
  return { records, asLogged };
}

/** Thousands of runs go to the same recipients. */
function remember(nameOf: (recipient: string) => string): (recipient: string) => string {
  const known = new Map<string, string>();
  return (recipient) => {
    const name = known.get(recipient) ?? nameOf(recipient);
    known.set(recipient, name);
    return name;
  };
}
