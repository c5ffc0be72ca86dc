import { RestageError } from '../domain/errors.ts';

const mostTries = 20;

/** Does work again while the database can't be reached, as the bot's queue does: it ends a session that waits too long. */
export async function tryAgain<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const isAway = error instanceof RestageError && error.code === 'database-unavailable';
      if (!isAway || tries === mostTries) throw error;
    }
  }
}
