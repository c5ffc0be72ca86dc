import postgres from 'postgres';
import { connect } from './connect.ts';
import { limits } from './limits.ts';
import { createLoss } from './loss.ts';
import { createSilenceWatch } from './silence.ts';

/** Rows, and with `values()` arrays instead; what Drizzle needs of a statement. */
export interface Statement extends Promise<postgres.RowList<postgres.Row[]>> {
  values(): Promise<unknown>;
}

type Unsafe = (text: string, values?: readonly unknown[]) => Statement;

/** One connection to the server, never replaced by another one: once it is lost, all that is asked of it fails. */
export interface Session {
  readonly options: postgres.Sql['options'];
  /** By the clock of `performance.now()`. */
  readonly openedAt: number;
  readonly unsafe: Unsafe;
  readonly isLost: () => boolean;
  /** Settles as `work` does, or rejects as soon as the connection is lost. */
  readonly untilLost: <T>(work: Promise<T>) => Promise<T>;
  /** Ends the session if nothing is answered for so long while an answer is awaited. */
  readonly waitAtMost: (silentMs: number) => void;
  /** Ends the session at once: what is under way fails with this error. */
  readonly lose: (error: Error) => void;
  /** Ends the session when what is under way is done. */
  readonly end: () => Promise<void>;
}

interface SessionOptions {
  readonly url: string;
  /** Settings by name; see `limits`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether a statement of this text is prepared: one round trip, where it takes two to have it described first. */
  readonly isPrepared: (text: string, values: readonly unknown[]) => boolean;
}

/**
 * Opens a session. postgres.js serves it as a pool of one connection, and is not let to connect a second time.
 *
 * By itself it replaces a lost connection, whose transaction goes on over the next one, into whatever is under way there; and
 * it ends the process by writing to the connection that it has lost (porsager/postgres#1066, #1154, #1208; #1168 and #1209
 * propose the mend), which only its own `begin` and `reserve` lead to. Neither is used here.
 * @throws the driver's or the operating system's error if the server can't be reached.
 */
export async function openSession({ url, settings, isPrepared }: SessionOptions): Promise<Session> {
  const ending = new AbortController();
  const watch = createSilenceWatch(() => lose(connectionError('ETIMEDOUT', silent)));
  const loss = createLoss();
  const lose = (error: Error) => {
    if (!loss.happen(error)) return;
    ending.abort(error);
    watch.stop();
    void client.end({ timeout: 0 });
  };
  let isConnected = false;
  const client = postgres(url, {
    max: 1,
    max_lifetime: null,
    // Whoever terminates the backend while it is asked for array types ends the process: nobody hears of that rejection.
    fetch_types: false,
    connect_timeout: 0,
    keep_alive: null,
    onnotice: () => {},
    onclose: () => lose(connectionError('CONNECTION_CLOSED', 'the connection to the database was lost')),
    socket: async (address: Parameters<typeof connect>[0]) => {
      if (isConnected) throw loss.error() ?? connectionError('CONNECTION_ENDED', 'the session has ended');
      isConnected = true;
      const socket = await connect(address, ending.signal).catch((error: Error) => {
        lose(error);
        throw error;
      });
      ending.signal.addEventListener('abort', () => socket.destroy(), { once: true });
      return socket;
    },
  } as postgres.Options<never>);

  function unsafe(text: string, parameters: readonly unknown[] = []): Statement {
    const error = loss.error();
    if (error) throw error;
    const options = { prepare: isPrepared(text, parameters) };
    const query = client.unsafe(text, parameters as postgres.ParameterOrJSON<never>[], options);
    watch.begin();
    const done = loss.race(query, watch.end);
    const values = () => {
      void query.values();
      return done;
    };
    return Object.assign(done, { values });
  }

  const session: Session = {
    options: client.options,
    openedAt: performance.now(),
    unsafe,
    isLost: () => loss.error() !== null,
    untilLost: (work) => loss.race(work),
    waitAtMost: watch.waitAtMost,
    lose,
    end: async () => {
      watch.stop();
      await client.end({ timeout: endWithinSeconds });
    },
  };
  await prepare(session, settings);
  return session;
}

async function prepare(session: Session, settings: SessionOptions['settings']): Promise<void> {
  session.waitAtMost(limits.connectMs);
  try {
    await session.unsafe(setAll, [JSON.stringify(settings)]);
  } catch (error) {
    session.lose(error as Error);
    throw error;
  }
  session.waitAtMost(limits.silentMs);
}

const silent = 'the database did not answer in time';
const endWithinSeconds = 5;

/**
 * Sets what this server knows, in one round trip. It also has the server free a large block once: glibc gives memory back to
 * the system at the end of each statement, and faults it in again for the next batch of mail, unless a block of that size was
 * freed before (mallopt(3), M_TRIM_THRESHOLD). That took a third of the server's time for a batch.
 */
const setAll = `select set_config(name, value, false), (select length(repeat(' ', 8000000)))
  from json_each_text($1::text::json) as wanted(name, value) join pg_settings using (name)
  where enumvals is null or value = any(enumvals)`;

function connectionError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
