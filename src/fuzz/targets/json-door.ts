import type { FuzzBot } from '../bot.ts';
import { createCase, pick } from '../cases.ts';
import { mutate } from '../mutate.ts';
import { measureLoopTime, readPeakBytes } from '../processor-time.ts';
import type { SeededRandom } from '../../chaos/seeded-random.ts';
import { type FuzzRun, Tally, type TargetReport } from '../target.ts';

/** Processor time of the event loop that one request of up to 10 MB may take, in ms. */
const mostLoopMs = 250;
const replyWithinMs = 20_000;
const mostBytes = 9_900_000;

const seeds = [
  '{"device":"client-1","failure":"connection timed out","package":"geo-db","region":"eu"}',
  '[{"device":"client-1","failure":"timeout"},{"device":"client-2","failure":"no space left"}]',
  '{"alerts":[{"device":"client-1","failure":"timeout","at":"2026-11-02T10:00:00Z"}]}',
].map((text) => Buffer.from(text));

const tokens = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '\\u0000',
  '\\ud800',
  'null',
  '1e400',
  '-0',
  '"__proto__"',
  '"device"',
];

const fill = (unit: string, size: number) => unit.repeat(Math.max(1, Math.floor(size / unit.length)));

/** Bodies that are costly or misleading to read, of about `size` bytes. */
const shapes: Readonly<Record<string, (size: number) => string>> = {
  'deep arrays': (size) => `${fill('[', size / 2)}${fill(']', size / 2)}`,
  'deep arrays without an end': (size) => fill('[', size),
  'deep objects': (size) => `${fill('{"a":', size)}1`,
  'a deep alert': (size) => `{"device":"a","failure":${fill('[', size / 2)}${fill(']', size / 2)}}`,
  'empty objects': (size) => `[${fill('{},', size)}{}]`,
  'empty arrays': (size) => `[${fill('[],', size)}[]]`,
  'many alerts': (size) => `[${fill('{"device":"a","failure":"b"},', size)}{}]`,
  'many keys': (size) => `{${fill('"a":1,', size)}"b":1}`,
  'one long text': (size) => `{"device":"${fill('a', size)}","failure":"b"}`,
  escapes: (size) => `{"device":"a","failure":"${fill(String.raw`\u0041`, size)}"}`,
  digits: (size) => `{"device":"a","failure":"b","attempt":${fill('1', size)}}`,
  blanks: (size) => `{${fill(' ', size)}}`,
  'quotes without an end': (size) => `{"${fill(String.raw`\"`, size)}`,
};

interface Body {
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * Posts mutated and hostile JSON to the bot, one request after the other. Each gets a reply that is the sender's to act on (never
 * 5xx), at a bounded cost.
 */
export async function fuzzJsonDoor(
  bot: FuzzBot,
  { seed, inputs, withLargest, say }: FuzzRun,
): Promise<TargetReport> {
  const tally = new Tally();
  const codes: Record<string, number> = {};
  const largest = withLargest ? Object.keys(shapes).map((name) => build(name, mostBytes)) : [];
  for (let index = 0; index < inputs && bot.isAlive(); index += 1) {
    const { name, bytes } = largest[index] ?? makeBody(index, createCase(seed, 'json', index).random);
    const request = async () => {
      const code = await post(bot, bytes);
      codes[code] = (codes[code] ?? 0) + 1;
      if (code >= 500) tally.find(name, `the reply was ${code}`);
    };
    try {
      tally.cost(name, await measureLoopTime(mostLoopMs, request, bot.pid), mostLoopMs);
    } catch (error) {
      tally.find(name, String(error));
    }
    if (index % 1000 === 999) say(`json: ${index + 1} requests`);
  }
  if (!bot.isAlive()) tally.find('json', `the bot ended: ${bot.complaints().at(-1) ?? 'it said nothing'}`);
  const peakMegabytes = bot.isAlive() ? Math.round(readPeakBytes(bot.pid) / 1e6) : 'ended';
  const figures = { ...tally.figures, peakMegabytes, codes };
  return { target: 'json', inputs, findings: tally.findings, figures };
}

function makeBody(index: number, random: SeededRandom): Body {
  if (random.between(0, 3) > 0)
    return { name: String(index), bytes: mutate(pick(random, seeds), random, tokens) };
  const size = random.between(0, 30) === 0 ? mostBytes : 10 ** random.between(1, 6);
  return build(pick(random, Object.keys(shapes)), size);
}

function build(name: string, size: number): Body {
  const bytes = Buffer.from(shapes[name]?.(size) ?? '').subarray(0, mostBytes);
  return { name: `${name}, ${size} bytes`, bytes };
}

/** @throws Error if there is no reply in time, or the connection breaks without one. */
async function post({ httpPort, httpToken }: FuzzBot, body: Buffer): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${httpPort}/alerts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${httpToken}`, 'content-type': 'application/json' },
    body: new Uint8Array(body),
    signal: AbortSignal.timeout(replyWithinMs),
  });
  await response.arrayBuffer();
  return response.status;
}
