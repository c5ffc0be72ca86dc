import type { SeededRandom } from '../chaos/seeded-random.ts';
import { pick } from './cases.ts';

type Mutation = (bytes: Buffer, random: SeededRandom, tokens: readonly string[]) => Buffer;

/** Most mutations of one input. */
const mostMutations = 6;
/** A repeated line or span grows an input to at most this size, in bytes. */
const mostGrowth = 200_000;

/** Bytes that readers of text stumble over: NUL, lone CR and LF, invalid UTF-8, a byte order mark, direction marks. */
const oddBytes = [
  '\0',
  '\r',
  '\n',
  '\r\n\r\n',
  '\u00FF\u00FE',
  '\u00C0\u0080',
  '\u00EF\u00BB\u00BF',
  '\u001B[2J',
];

const mutations: readonly Mutation[] = [
  (bytes, random) => {
    const changed = Buffer.from(bytes);
    for (let left = random.between(1, 9); left > 0 && changed.length > 0; left -= 1)
      changed[random.between(0, changed.length)] = random.between(0, 256);
    return changed;
  },
  (bytes, random) => {
    const [from, to] = span(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (bytes, random) => repeatSpan(bytes, span(bytes, random), random.between(2, 50)),
  (bytes, random) => repeatSpan(bytes, lineSpan(bytes, random), random.between(2, 2000)),
  (bytes, random, tokens) => insert(bytes, random, Buffer.from(pick(random, tokens), 'latin1')),
  (bytes, random) => insert(bytes, random, Buffer.from(pick(random, oddBytes), 'latin1')),
  (bytes, random) => bytes.subarray(0, random.between(0, bytes.length + 1)),
  (bytes, random) => {
    const [from, to] = lineSpan(bytes, random);
    const [otherFrom, otherTo] = lineSpan(bytes, random);
    if (to > otherFrom) return bytes;
    const parts = [
      [0, from],
      [otherFrom, otherTo],
      [to, otherFrom],
      [from, to],
      [otherTo, bytes.length],
    ];
    return Buffer.concat(parts.map(([start, end]) => bytes.subarray(start, end)));
  },
];

/** Returns the input after a few random mutations; `tokens` are words that its format knows. */
export function mutate(bytes: Buffer, random: SeededRandom, tokens: readonly string[]): Buffer {
  let mutated = bytes;
  for (let left = random.between(1, mostMutations + 1); left > 0; left -= 1)
    mutated = pick(random, mutations)(mutated, random, tokens);
  return mutated;
}

function span(bytes: Buffer, random: SeededRandom): [number, number] {
  const from = random.between(0, bytes.length + 1);
  return [from, random.between(from, Math.min(bytes.length, from + 400) + 1)];
}

/** A whole line with its end. */
function lineSpan(bytes: Buffer, random: SeededRandom): [number, number] {
  const at = random.between(0, bytes.length + 1);
  const from = bytes.lastIndexOf('\n', at - 1) + 1;
  const end = bytes.indexOf('\n', at);
  return [Math.min(from, at), end < 0 ? bytes.length : end + 1];
}

function repeatSpan(bytes: Buffer, [from, to]: readonly [number, number], times: number): Buffer {
  const repeated = bytes.subarray(from, to);
  const most = Math.floor(mostGrowth / Math.max(1, repeated.length));
  const copies = Array.from({ length: Math.min(times, most) }, () => repeated);
  return Buffer.concat([bytes.subarray(0, to), ...copies, bytes.subarray(to)]);
}

function insert(bytes: Buffer, random: SeededRandom, inserted: Buffer): Buffer {
  const at = random.between(0, bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)]);
}
