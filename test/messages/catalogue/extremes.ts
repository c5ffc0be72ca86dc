import { mailStates } from '../../../src/domain/mail.ts';
import { scopes } from '../../../src/domain/policy.ts';
import { commandStates, redistributionStates } from '../../../src/domain/redistribution.ts';
import { ticketFields } from '../../../src/domain/ticket-policy.ts';
import { ticketEvents, ticketStates } from '../../../src/domain/ticket.ts';

/** Turns the input of a renderer into another input of the same form. */
export type Extreme = <T>(input: T) => T;

/** Words of the domain: no mail, log or person can make them anything else. */
const words: ReadonlySet<string> = new Set([
  ...commandStates,
  ...mailStates,
  ...redistributionStates,
  ...scopes,
  ...ticketEvents,
  ...ticketFields,
  ...ticketStates,
  ...['device-down', 'network-down', 'reachable', 'inconclusive'],
  ...['silent', 'disconnected', 'listener-failed', 'probe-lost', 'stuck', 'not-counting', 'clicks-blocked'],
  ...['succeeded', 'failed', 'unknown', 'exact', 'inferred', 'whole', 'running', 'exhausted', 'ended'],
  ...['rotation', 'override', 'group', 'group-unreadable', 'ticket', 'email', 'open', 'refused', 'silent'],
]);
/** What Restage, Slack or the site's config gives: ids, times in ISO 8601, the template of tickets. */
const fixedKeys: ReadonlySet<string> = new Set([
  'id',
  'key',
  'digest',
  'timeZone',
  'teamId',
  'userId',
  'assignedTo',
  'takenBy',
  'at',
  'endedAt',
]);
const timeZone = 'Europe/Berlin';
/** Comes back with a form; never shown. */
export const metadata = 'r-7 metadata';

const isFixed = (text: string, key: string) =>
  fixedKeys.has(key) || words.has(text) || text === timeZone || text === metadata;

/** Replaces all text that comes from outside. */
function withTexts(replace: (text: string) => string): Extreme {
  const visit = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return isFixed(value, key) ? value : replace(value);
    if (Array.isArray(value)) return value.map((one) => visit(one, key));
    return isPlain(value) && key !== 'template' ? mapValues(value, visit) : value;
  };
  return <T>(input: T) => visit(input, '') as T;
}

/** Most items of a list of names, and of a list of larger things. */
const names = 10_000;
const things = 120;

/** Stretches each list of names to 10,000 names, and each list of other things to 300. */
function withLists(stretch: boolean): Extreme {
  const visit = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return stretch ? stretched(value, visit, key) : emptied(value);
    return isPlain(value) ? mapValues(value, visit) : value;
  };
  // The arguments themselves are a list too: not that one.
  return <T>(input: T) => (Array.isArray(input) ? input.map((one) => visit(one, '')) : input) as T;
}

function stretched(
  list: readonly unknown[],
  visit: (value: unknown, key: string) => unknown,
  key: string,
): unknown[] {
  const [first] = list;
  if (typeof first === 'string') {
    return isFixed(first, key) ? [...list] : Array.from({ length: names }, (_, n) => `${first}-${n}`);
  }
  const items = list.map((one) => visit(one, key));
  const model = items[0];
  if (!isPlain(model)) return items;
  return Array.from({ length: things }, (_, n) => ({ ...(items[n] ?? model), ...anotherId(model, n) }));
}

/** Of equal things only the id differs. */
function anotherId(model: object, n: number): object {
  const id: unknown = 'id' in model ? model.id : undefined;
  if (typeof id === 'number') return { id: n + 1 };
  return typeof id === 'string' ? { id: `${id}-${n}` } : {};
}

/** Lists of lists stay: the head of a table has its rows. */
function emptied(list: readonly unknown[]): unknown[] {
  return Array.isArray(list[0]) ? [...list] : [];
}

/** Not a date, not a class: what a view is made of. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function mapValues(
  value: Readonly<Record<string, unknown>>,
  visit: (value: unknown, key: string) => unknown,
): object {
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, visit(one, key)]));
}

/** What strangers can put into a message, by what it is. */
export const extremes: Readonly<Record<string, Extreme>> = {
  'as it mostly is': (input) => input,
  'all texts huge': withTexts((text) => `${text} `.repeat(1 + Math.ceil(6_000 / (text.length + 1)))),
  'all texts one huge word': withTexts(() => 'x'.repeat(6_000)),
  'all texts from right to left': withTexts(() => 'خادم التوزيع \u202e\u2067 لا يستجيب '.repeat(100)),
  'all texts emoji': withTexts(() => '👩‍👩‍👧‍👦🏭🇩🇪'.repeat(400)),
  'all texts markup': withTexts(() =>
    '<!channel> <@U0ANNA> & `x` ```y``` *b* _i_ <https://x|y>\n> z '.repeat(60),
  ),
  'all texts controls': withTexts(() => '\u0000\u001b[31m\u0007\u200b\ufeff\ud800\u2028\r\n\t'.repeat(60)),
  'all texts empty': withTexts(() => ''),
  'all texts blank': withTexts(() => ' \n\t\u00a0 '),
  '10,000 recipients': withLists(true),
  'all lists empty': withLists(false),
};
