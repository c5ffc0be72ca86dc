import { Worker } from 'node:worker_threads';
import type { packings } from './choose-files.ts';

/** It does not fit into the limit. */
export class TooLarge extends Error {}

/** What a thread is to unpack. */
export interface Unpacking {
  readonly bytes: Uint8Array;
  readonly packing: (typeof packings)[number];
  readonly limitBytes: number;
}

/** What a thread unpacked. */
export type Unpacked =
  | { readonly state: 'whole'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly state: 'too-large' }
  | { readonly state: 'damaged'; readonly message: string };

/**
 * Returns what a packed file holds, at most `limitBytes` of it. Unpacking takes seconds of processor time for 100 MB, so it is
 * done in a thread.
 * @throws TooLarge; any other error says that the file is damaged or cut off.
 */
export async function unpack(
  bytes: Uint8Array,
  packing: Unpacking['packing'],
  limitBytes: number,
): Promise<Uint8Array> {
  const unpacked = await unpackInThread({ bytes, packing, limitBytes });
  if (unpacked.state === 'too-large') throw new TooLarge();
  if (unpacked.state === 'damaged') throw new Error(unpacked.message);
  return unpacked.bytes;
}

/** A thread of its own for each file: nothing that a file does to it reaches the next one. */
function unpackInThread(workerData: Unpacking): Promise<Unpacked> {
  const worker = new Worker(new URL('./unpack-thread.js', import.meta.url), { workerData, execArgv: [] });
  return new Promise<Unpacked>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`its thread ended with exit code ${code}`)));
  });
}
