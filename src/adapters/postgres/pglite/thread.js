// @ts-check
// JavaScript, as node starts no thread from TypeScript: this is the same file in src/ and in dist/.
import { parentPort } from 'node:worker_threads';
import { PGlite, types } from '@electric-sql/pglite';

/**
 * @import { Results } from '@electric-sql/pglite'
 * @import { Answer, Command, Fault, Request } from './messages.ts'
 */

/** @type {PGlite} */
let database;

/** Dates are answered as PostgreSQL writes them, as postgres.js does under Drizzle, which reads them itself. */
const parsers = Object.fromEntries(
  [types.DATE, types.TIMESTAMP, types.TIMESTAMPTZ, types.INTERVAL].map((type) => [type, String]),
);

/** From this length on, in characters, PGlite is slower to send a text as such than as its bytes. */
const longText = 10_000;

/** What is bytes for PGlite goes to PostgreSQL as it is; by itself PGlite spells each byte out in JavaScript. */
const serializers = /** @type {any} */ ({
  [types.BYTEA]: (/** @type {Uint8Array} */ bytes) => bytes,
  [types.TEXT]: (/** @type {unknown} */ value) => {
    const text = String(value);
    return text.length < longText ? text : Buffer.from(text);
  },
});

parentPort?.on('message', (/** @type {Request} */ request) => void serve(request));

/** @param {Request} request */
async function serve({ id, command }) {
  try {
    answer({ id, results: await perform(command) });
  } catch (error) {
    answer({ id, fault: describe(error) });
  }
  // The thread ends as nobody listens any more.
  if (command.kind === 'close') parentPort?.close();
}

/** @param {Answer} message */
function answer(message) {
  parentPort?.postMessage(message);
}

/**
 * @param {Command} command
 * @returns {Promise<readonly Results[]>}
 */
async function perform(command) {
  switch (command.kind) {
    case 'open':
      database = await PGlite.create(command.folder, { parsers });
      return [];
    case 'query':
      return [await database.query(command.text, command.values, { rowMode: command.rowMode, serializers })];
    case 'exec':
      return database.exec(command.text);
    case 'close':
      await database.close();
      return [];
  }
}

/**
 * @param {unknown} error
 * @returns {Fault}
 */
function describe(error) {
  if (!(error instanceof Error)) return { message: String(error) };
  // Whoever asked knows what it asked; functions among it could not be cloned.
  const {
    query: _query,
    params: _params,
    queryOptions: _options,
    ...fields
  } = Object.assign({}, /** @type {any} */ (error));
  return { ...fields, message: error.message };
}
