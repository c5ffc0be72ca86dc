import type { CrossFault } from './faults.ts';
import { at, isSection, itemsAt, membersAt } from './raw-data.ts';

/** A heartbeat can only be expected of what is there. */
export function checkHeartbeat(raw: unknown): readonly CrossFault[] {
  const names = itemsAt(raw, ['intake', 'imap']).map(({ value }) => lower(at(value, ['name'])));
  const mailboxes = membersAt(raw, ['heartbeat', 'mailboxes'])
    .filter(({ name }) => !names.includes(name.toLowerCase()))
    .map(({ path }) => ({
      path,
      message: 'is no mailbox of intake.imap',
      hint: `Known are: ${names.filter((name) => name !== null).join(', ') || 'none'}.`,
    }));
  const listeners = membersAt(raw, ['heartbeat', 'listeners'])
    .filter(({ name }) => !isSection(at(raw, ['intake', name])))
    .map(({ path, name }) => ({
      path,
      message: 'is a listener that is not there',
      hint: `Add intake.${name}, or remove this.`,
    }));
  return [...mailboxes, ...listeners, ...checkProbe(raw)];
}

function checkProbe(raw: unknown): readonly CrossFault[] {
  const probe = at(raw, ['heartbeat', 'probe']);
  const comesIn = itemsAt(raw, ['intake', 'imap']).length > 0 || isSection(at(raw, ['intake', 'smtp']));
  if (!isSection(probe) || comesIn) return [];
  return [
    {
      path: ['heartbeat', 'probe'],
      message: 'has no mailbox to come back to',
      hint: 'Add one under intake.imap, or intake.smtp.',
    },
  ];
}

function lower(value: unknown): string | null {
  return typeof value === 'string' ? value.toLowerCase() : null;
}
