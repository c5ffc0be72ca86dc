import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { measureLoopTime } from '../../../src/fuzz/processor-time.ts';
import { TooLarge, unpack } from '../../../src/adapters/ssh/logs/unpack.ts';

const packers = {
  gz: (bytes: Uint8Array) => gzipSync(bytes),
  xz: (bytes: Uint8Array) => execFileSync('xz', ['-c', '-1'], { input: bytes, maxBuffer: 1e9 }),
  zst: (bytes: Uint8Array) => execFileSync('zstd', ['-c', '-q'], { input: bytes, maxBuffer: 1e9 }),
} as const;
const packings = ['gz', 'xz', 'zst'] as const;

describe('a packed log', () => {
  it.each(packings)('of %s is unpacked', async (packing) => {
    const content = randomBytes(200_000);
    expect(Buffer.from(await unpack(packers[packing](content), packing, 1e6)).equals(content)).toBe(true);
  });

  it.each(packings)('of %s that holds more than the limit is refused', async (packing) => {
    const bomb = packers[packing](Buffer.alloc(300_000_000));
    await expect(unpack(bomb, packing, 1e6)).rejects.toBeInstanceOf(TooLarge);
  });

  it.each(packings)('of %s that was cut off, or is none, is damaged', async (packing) => {
    const packed = packers[packing](randomBytes(200_000));
    await expect(unpack(packed.subarray(0, 100_000), packing, 1e6)).rejects.not.toBeInstanceOf(TooLarge);
    await expect(unpack(randomBytes(1000), packing, 1e6)).rejects.not.toBeInstanceOf(TooLarge);
  });

  it.each(packings)(
    'of %s costs the event loop little of the processor time that it takes',
    async (packing) => {
      const packed = packers[packing](Buffer.alloc(60_000_000, randomBytes(30_000).toString('hex')));
      const cost = await measureLoopTime(100, () => unpack(packed, packing, 100_000_000));
      expect(cost).toBeLessThan(100);
    },
  );
});
