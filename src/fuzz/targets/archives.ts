import { execFileSync } from 'node:child_process';
import { unpack } from '../../adapters/ssh/logs/unpack.ts';
import { createCase, pick } from '../cases.ts';
import { mutate } from '../mutate.ts';
import { forgetPeak, measureLoopTime, readPeakBytes } from '../processor-time.ts';
import { seedLogs } from '../seeds.ts';
import { endsWithin, type FuzzRun, Tally, type TargetReport } from '../target.ts';

/** Processor time of the event loop that unpacking one archive may take, in ms. */
const mostLoopMs = 250;
const unpackWithinMs = 30_000;
const limitBytes = 20_000_000;
const bombBytes = 200_000_000;

type Packing = Parameters<typeof unpack>[1];

const packers: Readonly<Record<Packing, string>> = { gz: 'gzip -c', xz: 'xz -c -0', zst: 'zstd -c -q' };
const packings = Object.keys(packers) as Packing[];

function pack(packing: Packing, bytes: Buffer): Buffer {
  return execFileSync('sh', ['-c', packers[packing]], { input: bytes });
}

/** Packs zeros that this process never holds. */
function packBomb(packing: Packing): Buffer {
  return execFileSync('sh', ['-c', `head -c ${bombBytes} /dev/zero | ${packers[packing]}`]);
}

/** Unpacks mutated archives, and ones that hold far more than is read. Each ends with its content or an error, at a bounded cost. */
export async function fuzzArchives({ seed, inputs, withLargest }: FuzzRun): Promise<TargetReport> {
  const tally = new Tally();
  const seeds = packings.flatMap((packing) => {
    const logs = seedLogs().slice(0, 4);
    const packed = logs.map((bytes) => pack(packing, bytes));
    return [...packed, ...(withLargest ? [packBomb(packing)] : [])].map((one) => ({ packing, packed: one }));
  });
  // What the targets before this one held is not the archives'.
  forgetPeak();
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
