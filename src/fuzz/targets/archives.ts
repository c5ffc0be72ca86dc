import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { unpack } from '../../adapters/ssh/logs/unpack.ts';
import { createCase, pick } from '../cases.ts';
import { mutate } from '../mutate.ts';
import { measureLoopTime, readPeakBytes } from '../processor-time.ts';
import { seedLogs } from '../seeds.ts';
import { endsWithin, type FuzzRun, Tally, type TargetReport } from '../target.ts';

/** Processor time of the event loop that unpacking one archive may take, in ms. */
const mostLoopMs = 250;
const unpackWithinMs = 30_000;
const limitBytes = 20_000_000;
const bombBytes = 200_000_000;

type Packing = Parameters<typeof unpack>[1];

const packers: Readonly<Record<Packing, (bytes: Buffer) => Buffer>> = {
  gz: (bytes) => gzipSync(bytes),
  xz: (bytes) => execFileSync('xz', ['-c', '-0'], { input: bytes, maxBuffer: bombBytes }),
  zst: (bytes) => execFileSync('zstd', ['-c', '-q'], { input: bytes, maxBuffer: bombBytes }),
};
const packings = Object.keys(packers) as Packing[];

/** Unpacks mutated archives, and ones that hold far more than is read. Each ends with its content or an error, at a bounded cost. */
export async function fuzzArchives({ seed, inputs, withLargest }: FuzzRun): Promise<TargetReport> {
  const tally = new Tally();
  const seeds = packings.flatMap((packing) =>
    [...seedLogs().slice(0, 4), ...(withLargest ? [Buffer.alloc(bombBytes)] : [])].map((bytes) => ({
      packing,
      packed: packers[packing](bytes),
    })),
  );
  for (let index = 0; index < inputs; index += 1) {
    const { random } = createCase(seed, 'archives', index);
    const { packing, packed } = seeds[index] ?? pick(random, seeds);
    const bytes = index < seeds.length ? packed : mutate(packed, random, ['\0']);
    const open = () =>
      endsWithin(
        unpackWithinMs,
        unpack(bytes, packing, limitBytes).catch(() => null),
      );
    try {
      tally.cost(`${index} (${packing})`, await measureLoopTime(mostLoopMs, open), mostLoopMs);
    } catch (error) {
      tally.find(`${index} (${packing})`, String(error));
    }
  }
  const figures = { ...tally.figures, peakMegabytes: Math.round(readPeakBytes() / 1e6) };
  return { target: 'archives', inputs, findings: tally.findings, figures };
}
