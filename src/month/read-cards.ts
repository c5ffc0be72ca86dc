import type { PostedMessage } from '../demo/workspace/workspace.ts';
import type { SeenMessage } from './workspace-record.ts';

/** A ticket's message as it stood from `at` on, as a person reads it. */
export interface Card {
  readonly at: Date;
  readonly ticketId: number;
  /** What it says is wrong: its title without how many, and without that it is down. */
  readonly subject: string;
  readonly state: CardState;
  /** Devices and servers that it names. */
  readonly names: ReadonlySet<string>;
  /** Files that it names. */
  readonly packages: ReadonlySet<string>;
  readonly byPerson: boolean;
  readonly channel: string;
}

export type CardState = 'held' | 'failing' | 'resolved' | 'joined';

const stateMarks: readonly (readonly [string, CardState])[] = [
  [':white_check_mark: *Resolved*', 'resolved'],
  [':link: *Joined*', 'joined'],
  [':hourglass: *Held*', 'held'],
];

/** The cards of the tickets in their order in time; messages of other kinds are none. */
export function readCards(seen: readonly SeenMessage[]): readonly Card[] {
  return seen.flatMap(({ at, message }) => readCard(at, message) ?? []);
}

function readCard(at: Date, message: PostedMessage): Card | null {
  if (message.threadTs !== null) return null;
  const text = textOf(message.blocks);
  const [, id] = /^Ticket (\d+) · as of/m.exec(text) ?? [];
  const [title = ''] = text.split('\n');
  if (id === undefined) return null;
  return {
    at,
    ticketId: Number(id),
    subject: subjectOf(title),
    state: stateMarks.find(([mark]) => text.includes(mark))?.[1] ?? 'failing',
    names: new Set(namesIn(text)),
    packages: new Set(packagesIn(text)),
    byPerson: /Resolved by <@/.test(text),
    channel: message.channel,
  };
}

/** All text of a message's blocks, a line each; buttons are left out. */
export function textOf(blocks: unknown): string {
  const lines: string[] = [];
  const walk = (value: unknown, key: string): void => {
    if (typeof value === 'string' && key === 'text') lines.push(value);
    if (typeof value !== 'object' || value === null) return;
    if ('type' in value && value.type === 'button') return;
    for (const [name, part] of Object.entries(value)) walk(part, Array.isArray(value) ? key : name);
  };
  walk(blocks, '');
  return lines.join('\n');
}

function subjectOf(title: string): string {
  return title
    .replace(/: [^:]*$/, '')
    .replace(/ (?:is|was) down$/, '')
    .replace(/^(?:package|job|server) /, '')
    .toLowerCase();
}

/** Names as people write them, `client-[003-005,017]` too. */
export function namesIn(text: string): readonly string[] {
  const single = text.match(/\b(?:client-\d{3}|int-\d{2})\b/g) ?? [];
  const folded = [...text.matchAll(/\b(client|int)-\[([\d,-]+)\]/g)].flatMap(([, stem, list = '']) =>
    list.split(',').flatMap((range) => {
      const [from = '', to = from] = range.split('-');
      const count = Number(to) - Number(from) + 1;
      return Array.from(
        { length: Math.max(0, count) },
        (_, n) => `${stem}-${String(Number(from) + n).padStart(from.length, '0')}`,
      );
    }),
  );
  return [...single, ...folded];
}

/** Returns the device, server or package that a text names first; `null` if it names none. */
export function firstNameIn(text: string): string | null {
  return /\b(?:client-\d{3}|int-\d{2}|[a-z-]+_\d+\.\d+)\b/.exec(text)?.[0] ?? null;
}

function packagesIn(text: string): readonly string[] {
  return text.match(/\b[a-z-]+_\d+\.\d+(?:\.deb)?\b/g) ?? [];
}
