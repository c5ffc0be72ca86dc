import { createDraw, type Draw } from './draw.ts';
import type { Delivery, Problem, ProblemKind } from './problem.ts';
import { problemKinds } from './problem.ts';
import { lostWords } from './script.ts';
import { clientsOf, deviceOf, servers, zoneOf } from './site.ts';
import { dayMs, hourMs, later, minuteMs, monthStart, offsetOf, type Span } from './times.ts';

/** Of each kind, in thirty days. */
const ofEachKind = 22;
/** Of each ten problems, how many end with word of recovery. */
const withWordOfTen = 7;
/** What failed rests so long before anything else fails there: what stands in the workspace can be told apart. */
const restMs = 2 * dayMs;
/** The last problems begin so long before the end, so that it can be seen what becomes of them. */
const lastBeginMs = 2 * dayMs;
const mostAttempts = 50_000;

const products: readonly [string, ...string[]] = [
  'geo-db',
  'edge-agent',
  'voice-prompts',
  'billing-gw',
  'cdn-cache',
  'kiosk-ui',
  'map-tiles',
];

/**
 * Draws the true problems of the month, `each` of a kind: no device has two of them at the same time. Default: 22 in thirty
 * days, in fewer days fewer.
 */
export function planProblems(
  seed: number,
  days: number,
  each = Math.max(1, Math.round((ofEachKind * days) / 30)),
): readonly Problem[] {
  const draw = createDraw(seed);
  const taken = new Map<string, Span[]>();
  const problems: Problem[] = [];
  for (const kind of problemKinds) {
    for (let number = 0; number < each; number += 1) {
      const hasWord = (number * 3) % 10 < withWordOfTen;
      problems.push(place({ kind, id: problems.length + 1, hasWord, days, draw, seed }, taken));
    }
  }
  return problems;
}

interface Wanted {
  readonly kind: ProblemKind;
  readonly id: number;
  readonly hasWord: boolean;
  readonly days: number;
  readonly draw: Draw;
  readonly seed: number;
}

/** Draws until a time is found at which its devices are free. */
function place(wanted: Wanted, taken: Map<string, Span[]>): Problem {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const drawn = drawProblem(wanted);
    if (!isFree(drawn, taken)) continue;
    const problem = { ...drawn, wordLostAt: lostWords(wanted.seed, drawn) };
    if (!isFree(problem, taken)) continue;
    for (const name of claimedBy(problem))
      taken.set(name, [...(taken.get(name) ?? []), spanOf(problem, name)]);
    return problem;
  }
  throw new Error(`no room for another problem of kind ${wanted.kind}: plan more days`);
}

function isFree(problem: Problem, taken: ReadonlyMap<string, readonly Span[]>): boolean {
  return claimedBy(problem).every(
    (name) => !taken.get(name)?.some((other) => overlap(other, spanOf(problem, name))),
  );
}

/** When nothing else may fail at that device. */
function spanOf(problem: Problem, name: string): Span {
  const until = keepsOpen(problem, name) ? new Date(8.64e15) : later(problem.until, restMs);
  return { from: later(problem.from, -restMs), until };
}

/** A ticket that nothing closes would take in whatever fails there later. What flaps may answer when its ticket opens. */
function keepsOpen({ hasWord, wordLostAt, isSilent, kind }: Problem, name: string): boolean {
  if (kind === 'maintenance' || (isSilent && kind !== 'flapping')) return false;
  return !hasWord || wordLostAt.includes(name);
}

/** A server's problem is that of all behind it, whether they say so or not. */
function claimedBy({ kind, subject, devices }: Problem): readonly string[] {
  return kind === 'server' ? [subject, ...clientsOf(subject)] : devices;
}

function overlap(one: Span, other: Span): boolean {
  return one.from < other.until && other.from < one.until;
}

function drawProblem(wanted: Wanted): Problem {
  const { id, kind, hasWord, days, draw } = wanted;
  const latest = days * dayMs - lastBeginMs;
  const from = later(monthStart, draw.between(hourMs / 1000, latest / 1000) * 1000);
  const base = { id, kind, hasWord, wordLostAt: [] };
  const hours = (least: number, most: number): Span => ({
    from,
    until: later(from, draw.between(least * 60, most * 60) * minuteMs),
  });
  const server = draw.pick(nonEmpty(servers));
  const client = draw.pick(nonEmpty(clientsOf(server, 'client')));
  const jobs = (count: number) => drawDeliveries(draw, id, count);
  switch (kind) {
    case 'server': {
      const affected = draw.some(clientsOf(server), draw.between(8, 14));
      return whole(base, server, affected, 'connection', true, hours(1, 6), jobs(3));
    }
    case 'device': {
      const failure = draw.pick(['connection', 'access', 'package', 'connection'] as const);
      return whole(base, client, [client], failure, failure === 'connection', hours(2, 30), jobs(1));
    }
    case 'disk':
      return whole(base, client, [client], 'package', false, hours(3, 40), jobs(4));
    case 'firewall':
      return whole(base, client, [client], 'connection', false, hours(3, 30), jobs(2));
    case 'maintenance':
      return whole(base, client, [client], 'connection', true, hours(1, 4), jobs(1));
    case 'release': {
      const hit = draw.some(servers, draw.between(2, 5));
      const affected = hit.flatMap((name) => draw.some(clientsOf(name, 'client'), draw.between(3, 5)));
      const [delivery] = jobs(1);
      const subject = delivery?.package ?? '';
      return whole(base, subject, affected, 'package', false, hours(3, 20), delivery ? [delivery] : []);
    }
    case 'nightly':
      return nightly(base, draw, draw.pick(nonEmpty(clientsOf(server, 'mirror'))), days);
    case 'flapping':
      return flapping(base, draw, client, from);
  }
}

type Base = Pick<Problem, 'id' | 'kind' | 'hasWord' | 'wordLostAt'>;

function whole(
  base: Base,
  subject: string,
  affected: readonly string[],
  failure: Problem['failure'],
  isSilent: boolean,
  span: Span,
  deliveries: readonly Delivery[],
): Problem {
  return { ...base, subject, devices: affected, failure, isSilent, ...span, failing: [span], deliveries };
}

/** Fails at 02:30 of its own clock, night after night. */
function nightly(base: Base, draw: Draw, mirror: string, days: number): Problem {
  const nights = Math.min(draw.between(3, 6), Math.max(1, days - 3));
  const first = draw.between(1, Math.max(1, days - 2 - nights));
  const firstDay = later(monthStart, first * dayMs);
  const from = later(firstDay, 150 * minuteMs - offsetOf(firstDay, zoneOf(mirror)) * minuteMs);
  const span = { from, until: later(from, nights * dayMs) };
  const job = `ftpsync-${deviceOf(mirror).region}${base.id}`;
  return whole(base, mirror, [mirror], 'package', false, span, [{ package: '', job }]);
}

/** Comes and goes: down for minutes, well for an hour or two. */
function flapping(base: Base, draw: Draw, client: string, from: Date): Problem {
  const failing: Span[] = [];
  let at = from;
  for (let flap = draw.between(4, 7); flap > 0; flap -= 1) {
    const until = later(at, draw.between(4, 8) * minuteMs);
    failing.push({ from: at, until });
    at = later(until, draw.between(50, 110) * minuteMs);
  }
  const until = failing.at(-1)?.until ?? from;
  const deliveries = drawDeliveries(draw, base.id, 1);
  return {
    ...{ ...base, subject: client, devices: [client], failure: 'connection', isSilent: true },
    ...{ from, until, failing, deliveries },
  };
}

/** Versions are never given twice, so that two problems are never about the same file. */
function drawDeliveries(draw: Draw, id: number, count: number): readonly Delivery[] {
  return draw.some(products, count).map((product) => ({
    package: `${product}_${id}.${draw.between(0, 9)}.deb`,
    job: `${product}-rollout`,
  }));
}

function nonEmpty<T>(list: readonly T[]): readonly [T, ...T[]] {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error('nothing to choose from');
  return [first, ...rest];
}
