import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createQueue } from '../../../src/adapters/queue/queue.ts';
import type { Job } from '../../../src/domain/store/jobs.ts';
import { describeStatements } from '../../support/databases.ts';
import { silentLog } from '../../support/silent-log.ts';

const job: Job = { queue: 'deliver', channel: 'maint-eu' };
const names = [
  'evaluate',
  'deliver',
  'page',
  'heartbeat',
  'attend',
  'watch',
  'outage-end',
  'gather',
  'dry-run',
  'run',
  'stop',
  'look-again',
] as const;

describeStatements('the queue', (open) => {
  /** A queue whose statements can be put off, or made to fail. */
  async function openQueue(handle: (job: Job) => Promise<void>) {
    const database = await open();
    let gate: (text: string) => Promise<void> = () => Promise.resolve();
    const executeSql: typeof database.executeSql = async (text, values) => {
      await gate(text);
      return database.executeSql(text, values);
    };
    const queue = await createQueue({ ...database, executeSql }, silentLog);
    const add = async () => {
      await database.transaction((session) => queue.enqueue([job], session.executeSql));
      queue.wake(new Set([job.queue]));
    };
    const handlers = Object.fromEntries(names.map((name) => [name, handle])) as Record<
      Job['queue'],
      (job: Job) => Promise<void>
    >;
    return {
      add,
      start: () => queue.start(handlers),
      stop: () => queue.stop(),
      before: (wait: typeof gate) => {
        gate = wait;
      },
      close: () => database.close(),
    };
  }

  it('goes on when the database is away while a job is completed', async () => {
    const handled: Job[] = [];
    const queue = await openQueue(async (one) => {
      handled.push(one);
      if (handled.length === 1) queue.before(() => Promise.reject(new Error('the database is away')));
    });
    await queue.start();
    await queue.add();
    await expect.poll(() => handled.length).toBe(1);
    await sleep(20);
    queue.before(() => Promise.resolve());
    await queue.add();
    await expect.poll(() => handled.length, { timeout: 5_000 }).toBe(2);
    await queue.stop();
    await queue.close();
  });

  it('does nothing more in the database once it has stopped', async () => {
    const queue = await openQueue(() => Promise.resolve());
    const statements: string[] = [];
    await queue.add();
    let isAsked!: () => void;
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    queue.before(async (text) => {
      statements.push(text);
      isAsked();
      await sleep(100);
    });
    await queue.start();
    await asked;
    await queue.stop();
    const before = statements.length;
    await sleep(400);
    expect(statements).toHaveLength(before);
    await queue.close();
  });
});
