import type { Results } from '@electric-sql/pglite';
import { startThread, type Thread } from './start-thread.ts';

/** Drizzle asks for more, but only for dates as they are written: the thread answers so in any case. */
interface QueryForm {
  readonly rowMode?: 'array' | 'object';
}

/** What PGlite's own sessions offer, as far as Drizzle and the job queue use it. */
export interface PgliteSession {
  query<Row>(text: string, values?: unknown[], form?: QueryForm): Promise<Results<Row>>;
  exec(text: string): Promise<readonly Results[]>;
}

export interface PgliteClient extends PgliteSession {
  /** Commits when `work` resolves, rolls back when it rejects; whoever else asks waits for its end. */
  transaction<T>(work: (session: PgliteSession) => Promise<T>): Promise<T>;
  /** How long the thread has owed an answer, in ms; `null` if it owes none. */
  silentMs(): number | null;
  /** Resolves when what was asked before is done, and the folder is nobody's. */
  close(): Promise<void>;
}

/** Opens the embedded database in a folder. Should its thread die, the next statement finds a new one. */
export async function openClient(folder: string): Promise<PgliteClient> {
  let thread = await startThread(folder);
  let isClosed = false;
  let last: Promise<unknown> = Promise.resolve();
  /** There is one session: what is asked is done one after the other, a transaction as a whole. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
  const openSession = async () => {
    if (isClosed) throw new Error('the embedded database is closed');
    if (thread.hasEnded()) thread = await startThread(folder);
    return sessionOf(thread);
  };
  return {
    query: (...query) => inTurn(async () => (await openSession()).query(...query)),
    exec: (text) => inTurn(async () => (await openSession()).exec(text)),
    transaction: (work) => inTurn(async () => transact(await openSession(), work)),
    silentMs: () => thread.silentMs(),
    close: () =>
      inTurn(async () => {
        isClosed = true;
        if (!thread.hasEnded()) await thread.close();
      }),
  };
}

function sessionOf(thread: Thread): PgliteSession {
  return {
    async query<Row>(text: string, values: unknown[] = [], { rowMode = 'object' }: QueryForm = {}) {
      const cloneable = values.map(toCloneable);
      const [result] = await thread.run({ kind: 'query', text, values: cloneable, rowMode });
      return result as Results<Row>;
    },
    exec: (text) => thread.run({ kind: 'exec', text }),
  };
}

/** Bytes that are part of a buffer would bring the whole of it along. */
function toCloneable(value: unknown): unknown {
  const isPart = value instanceof Uint8Array && value.byteLength < value.buffer.byteLength;
  return isPart ? new Uint8Array(value) : value;
}

async function transact<T>(session: PgliteSession, work: (session: PgliteSession) => Promise<T>): Promise<T> {
  let isOver = false;
  const check = <R>(statement: () => Promise<R>): Promise<R> =>
    isOver ? Promise.reject(new Error('the transaction is over')) : statement();
  await session.exec('begin');
  try {
    const result = await work({
      query: (...query) => check(() => session.query(...query)),
      exec: (text) => check(() => session.exec(text)),
    });
    isOver = true;
    await commit(session);
    return result;
  } catch (error) {
    isOver = true;
    await session.exec('rollback').catch(() => {});
    throw error;
  }
}

/** PostgreSQL answers `commit` with a rollback, and no error, where a statement had failed. */
async function commit(session: PgliteSession): Promise<void> {
  const [result] = await session.exec('commit');
  if (result?.command !== 'COMMIT')
    throw new Error('the transaction was rolled back: one of its statements had failed');
}
