import { isRecord } from './record.ts';
import type { Fault } from './faults.ts';

type Check = (value: unknown) => boolean;
type Fields = Readonly<Record<string, Check>>;

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isCount: Check = (value) => Number.isInteger(value) && Number(value) >= 0;
const isOneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const hits: Fields = { method: isText, times: isCount };
const fieldsOf: Readonly<Record<Fault['kind'], Fields>> = {
  'rate-limit': { ...hits, retryAfterS: (value) => isNumber(value) || isText(value) },
  status: { ...hits, status: isCount, body: optional(isText) },
  error: { ...hits, error: isText },
  delay: { ...hits, ms: isCount },
  'lose-reply': hits,
  'late-effect': { ...hits, ms: isCount },
  'no-reply': hits,
  double: hits,
  refresh: {},
  disconnect: { reason: isText },
  redeliver: { times: isCount },
  'drop-sockets': {},
  'half-open': {},
  ghosts: { count: isCount },
  frame: { data: isText, encoding: isOneOf('text', 'base64') },
  outage: { how: isOneOf('reset', 'silent', 'status') },
  clock: { offsetMs: isNumber },
  heal: {},
};

/** Reads one fault or an array of faults. @throws Error that names the first fault at fault, and its field. */
export function readFaults(body: unknown): readonly Fault[] {
  const items: readonly unknown[] = Array.isArray(body) ? body : [body];
  return items.map((item, index) => {
    if (isFault(item)) return item;
    throw new Error(`fault ${index}: ${describe(item)}`);
  });
}

function isFault(item: unknown): item is Fault {
  return describe(item) === null;
}

/** What is wrong with it; null if nothing is. */
function describe(item: unknown): string | null {
  if (!isRecord(item)) return 'must be an object';
  const { kind, ...rest } = item;
  const fields =
    typeof kind === 'string' && Object.hasOwn(fieldsOf, kind) ? fieldsOf[kind as Fault['kind']] : null;
  if (!fields) return `kind must be one of ${Object.keys(fieldsOf).join(', ')}`;
  const wrong = Object.keys(fields).find((name) => fields[name]?.(rest[name]) === false);
  if (wrong !== undefined) return `${String(kind)}: ${wrong} is missing or wrong`;
  const unknown = Object.keys(rest).find((name) => !Object.hasOwn(fields, name));
  return unknown === undefined ? null : `${String(kind)}: ${unknown} is unknown`;
}
