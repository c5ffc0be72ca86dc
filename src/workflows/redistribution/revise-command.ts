import type { Person } from '../../domain/chat.ts';
import type { RebuiltCommand } from '../../domain/redistribution.ts';
import type { ServerProfile } from '../../domain/server.ts';
import type { CommandRecord } from '../../domain/store/redistributions.ts';
import type { Breadth } from '../../messages/select-form.ts';
import { isSameCommand, widenCommand } from '../../redistribution/revise.ts';
import { withVerification } from '../../redistribution/with-verification.ts';

/** Who changes something, and when. */
interface Change {
  readonly person: Person;
  readonly at: Date;
}

/** Whether it is to run. */
export function select(record: CommandRecord, selected: boolean): CommandRecord {
  return record.selected === selected ? record : { ...record, selected };
}

/** For whom the command is: only those that failed, or the whole original list. What people edited stays as it is. */
export function setBreadth(
  record: CommandRecord,
  breadth: Breadth,
  profile: ServerProfile,
  change: Change,
): CommandRecord {
  if (breadth === 'whole' && record.rebuilt === null) {
    return putCommand(record, withVerification(widenCommand(record.command, profile), profile), change);
  }
  return breadth === 'failed' && record.rebuilt !== null && isWhole(record)
    ? putCommand(record, record.rebuilt, change)
    : record;
}

/** Whether a person let it run for the whole original list. */
export function isWhole({ command, rebuilt }: Pick<CommandRecord, 'command' | 'rebuilt'>): boolean {
  const { originalArgv: argv, originalRecipients: recipients } = command;
  return rebuilt !== null && isSameCommand(command, { ...command, argv, recipients });
}

/** The command with something else to run; all who changed it are remembered, unless it is again as it was rebuilt. */
export function putCommand(record: CommandRecord, command: RebuiltCommand, change: Change): CommandRecord {
  const rebuilt = record.rebuilt ?? record.command;
  if (isSameCommand(command, record.command)) return record;
  if (isSameCommand(command, rebuilt)) {
    return { ...record, command: rebuilt, rebuilt: null, changedBy: [], changedAt: null };
  }
  return {
    ...record,
    command,
    rebuilt,
    changedBy: [...record.changedBy, change.person],
    changedAt: change.at,
  };
}
