// @ts-check
// JavaScript, as node starts no thread from TypeScript: this is the same file in src/ and in dist/.
import { parentPort, workerData } from 'node:worker_threads';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import xz from 'xz-decompress';

/** @import { Unpacked, Unpacking } from './unpack.ts' */

const chunkBytes = 64 * 1024;

class TooLarge extends Error {}

/** @type {Unpacking} */
const { bytes, packing, limitBytes } = workerData;
/** @type {Uint8Array[]} */
const parts = [];
let length = 0;

/** @param {Uint8Array} part */
function add(part) {
  length += part.length;
  if (length > limitBytes) throw new TooLarge();
  // The library may use its memory again.
  parts.push(Uint8Array.from(part));
}

async function unpackGzip() {
  for await (const part of createGunzip().end(bytes)) add(part);
}

function unpackZstandard() {
  const stream = new Decompress(add);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    stream.push(bytes.subarray(at, at + chunkBytes), at + chunkBytes >= bytes.length);
  }
}

async function unpackXz() {
  const packed = new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  for await (const part of new xz.XzReadableStream(packed)) add(part);
}

/** @returns {Promise<Unpacked>} */
async function unpack() {
  try {
    await { gz: unpackGzip, xz: unpackXz, zst: unpackZstandard }[packing]();
    const whole = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return { state: 'whole', bytes: whole };
  } catch (error) {
    return error instanceof TooLarge ? { state: 'too-large' } : { state: 'damaged', message: String(error) };
  }
}

const unpacked = await unpack();
parentPort?.postMessage(unpacked, unpacked.state === 'whole' ? [unpacked.bytes.buffer] : []);
