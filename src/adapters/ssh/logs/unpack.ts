import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import xz from 'xz-decompress';
import type { packings } from './choose-files.ts';

/** It does not fit into the limit. */
export class TooLarge extends Error {}

const chunkBytes = 64 * 1024;

/**
 * What a packed file holds, of at most so many bytes.
 * @throws TooLarge; any other error says that the file is damaged or cut off.
 */
export async function unpack(
  bytes: Uint8Array,
  packing: (typeof packings)[number],
  limitBytes: number,
): Promise<Uint8Array> {
  if (packing === 'gz') return unpackGzip(bytes, limitBytes);
  return packing === 'zst' ? unpackZstandard(bytes, limitBytes) : unpackXz(bytes, limitBytes);
}

async function unpackGzip(bytes: Uint8Array, limitBytes: number): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: limitBytes });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw new TooLarge();
    throw error;
  }
}

async function unpackZstandard(bytes: Uint8Array, limitBytes: number): Promise<Uint8Array> {
  const parts = new Parts(limitBytes);
  const stream = new Decompress((part) => parts.add(part));
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    stream.push(bytes.subarray(at, at + chunkBytes), at + chunkBytes >= bytes.length);
    // It is computed right here: others get their turn in between.
    await new Promise(setImmediate);
  }
  return parts.whole();
}

async function unpackXz(bytes: Uint8Array, limitBytes: number): Promise<Uint8Array> {
  const parts = new Parts(limitBytes);
  const packed = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  for await (const part of new xz.XzReadableStream(packed)) parts.add(part);
  return parts.whole();
}

class Parts {
  readonly #limitBytes: number;
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  add(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length > this.#limitBytes) throw new TooLarge();
    // The library may use its memory again.
    this.#parts.push(Buffer.from(part));
  }

  whole(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}
