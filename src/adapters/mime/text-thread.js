// @ts-check
// JavaScript, as node starts no thread from TypeScript: this is the same file in src/ and in dist/.
import { parentPort } from 'node:worker_threads';
import { BoundExceeded, parseText } from './parse-text.js';

/** @import { ParsingAnswer, ParsingRequest } from './body-text.ts' */

parentPort?.on('message', (/** @type {ParsingRequest} */ request) => {
  // Parsing that waits for what never comes has nothing left to do: without the port, that ends the thread.
  parentPort?.unref();
  void serve(request);
});

/** @param {ParsingRequest} request */
async function serve(request) {
  const message = await answer(request);
  parentPort?.ref();
  parentPort?.postMessage(message);
}

/**
 * @param {ParsingRequest} request
 * @returns {Promise<ParsingAnswer>}
 */
async function answer({ source, bounds }) {
  try {
    return await parseText(Buffer.from(source.buffer), bounds);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { reason: error instanceof BoundExceeded ? error.reason : 'unreadable', message };
  }
}
