import type { PostedMessage } from '../../demo/workspace/workspace.ts';
import { groupBy } from '../../domain/group-by.ts';
import { threshold } from './alerts.ts';

/** What the people of a channel ought to see. */
export interface Expectation {
  /** Alerts of each device that the doors have accepted, each counted once. */
  readonly alerts: ReadonlyMap<string, number>;
  /** Devices whose ticket somebody has acknowledged. */
  readonly acknowledged: ReadonlySet<string>;
  /** Upper bound on posts that Slack doubled itself: a line of a thread that was posted with a known outcome is not looked for. */
  readonly doubles: number;
}

type Seen = Pick<PostedMessage, 'ts' | 'threadTs' | 'text' | 'blocks' | 'ephemeralFor'>;

const ticketText = /^(?<device>[^\s:]+):? .*\((?<count>\d+) alerts?\)/;

/** All that differs from the expectation: one message a problem, its count and its state right, nothing said twice. */
export function findWrongs(messages: readonly Seen[], expected: Expectation): readonly string[] {
  const shown = messages.filter(({ ephemeralFor }) => ephemeralFor === null);
  const tickets = shown.filter(({ threadTs }) => threadTs === null);
  const told = groupBy(tickets, ({ text }) => deviceOf(text) ?? text);
  const wanted = [...expected.alerts].filter(([, count]) => count >= threshold);
  const names = new Set(wanted.map(([device]) => device));
  return [
    ...wanted.flatMap(([device, count]) => judgeProblem(device, count, told.get(device) ?? [], expected)),
    ...[...told.keys()]
      .filter((name) => !names.has(name))
      .map((name) => `nobody sent what this says: ${name}`),
    ...findRepeats(shown, expected.doubles),
  ];
}

/** What may never be seen, not even for a moment: more alerts than were sent. */
export function findExcess(
  messages: readonly Seen[],
  offered: ReadonlyMap<string, number>,
): readonly string[] {
  return messages.flatMap(({ text }) => {
    const { device = '', count = '0' } = ticketText.exec(text)?.groups ?? {};
    const most = offered.get(device) ?? 0;
    return Number(count) > most && device !== ''
      ? [`${device} said ${count} alerts when ${most} had been sent`]
      : [];
  });
}

function judgeProblem(
  device: string,
  count: number,
  told: readonly Seen[],
  { acknowledged }: Expectation,
): readonly string[] {
  if (told.length !== 1) {
    const texts = told.map(({ ts, text }) => ` | ${ts} ${text}`).join('');
    return [`${device} has ${told.length} messages instead of one${texts}`];
  }
  const [{ text, blocks } = { text: '', blocks: [] }] = told;
  const said = Number(ticketText.exec(text)?.groups?.['count']);
  const state = acknowledged.has(device) ? '*Acknowledged*' : '*Open*';
  return [
    ...(said === count ? [] : [`${device} says ${said} alerts, and ${count} were sent`]),
    ...(JSON.stringify(blocks).includes(state) ? [] : [`${device} is not said to be ${state}`]),
  ];
}

function findRepeats(messages: readonly Seen[], doubles: number): readonly string[] {
  const lines = messages.flatMap(({ threadTs, text }) => (threadTs === null ? [] : [`${threadTs} ${text}`]));
  const repeated = lines.filter((line, index) => lines.indexOf(line) !== index);
  if (repeated.length <= doubles) return [];
  return [...new Set(repeated)].map((line) => `said twice in a thread: ${line}`);
}

export function deviceOf(text: string): string | null {
  return ticketText.exec(text)?.groups?.['device'] ?? null;
}
