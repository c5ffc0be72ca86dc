import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPostgres } from '../../src/adapters/postgres/database.ts';
import { ChatError } from '../../src/domain/chat.ts';
import type { Mailer } from '../../src/domain/mailer.ts';
import { deliverChannel } from '../../src/workflows/delivery/deliver.ts';
import { createEvaluation } from '../../src/workflows/ticket/evaluate.ts';
import { createPostgresUrl } from '../support/databases.ts';
import { alertMail, createWorkbench, start, type Workbench } from '../support/workbench.ts';

/** How long a claim lasts, in ms. */
const leaseMs = 15_000;
const email = { relay: { host: 'mail.example.net', port: 25 }, from: 'a@example.net', to: ['b@example.net'] };

describe('A19: a ticket’s mail that a relay takes longer for than a claim lasts, with two bots', () => {
  let bench: Workbench;
  /** Lets the relay accept each mail that it was handed. */
  let accepts: (() => void)[];

  const deliver = () => deliverChannel(bench.deps, 'email');

  beforeEach(async () => {
    bench = await createWorkbench(await openPostgres(await createPostgresUrl()));
    accepts = [];
    const send: Mailer['send'] = (_mail, signal) =>
      new Promise((resolve, reject) => {
        accepts.push(resolve);
        signal.addEventListener('abort', () => reject(new ChatError('unknown', 'aborted')));
      });
    Object.assign(bench.deps, { mailer: { send } });
    Object.assign(bench.deps.policies, { ticket: { ...bench.deps.policies.ticket, email } });
    await bench.receive(...[0, 1, 2].map(() => alertMail('int-58', start)));
    const evaluate = createEvaluation(bench.deps);
    for (const job of bench.jobs) if (job.queue === 'evaluate') await evaluate(job.ticketId);
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await bench.close();
  });

  /** The time in which those who hold a claim renew it. */
  async function renew(): Promise<void> {
    const transactions = vi.spyOn(bench.deps.store, 'transaction');
    vi.advanceTimersByTime(leaseMs / 3);
    await Promise.all(transactions.mock.results.map(({ value }) => value as Promise<unknown>));
    transactions.mockRestore();
  }

  it('is sent once: its claim is renewed until the relay has answered', async () => {
    const sending = deliver();
    await expect.poll(() => accepts.length).toBe(1);
    for (let passed = 0; passed < 3 * leaseMs; passed += leaseMs / 3) {
      bench.pass(leaseMs / 3);
      await renew();
    }
    await deliver();
    expect(accepts).toHaveLength(1);
    accepts[0]?.();
    await sending;
    bench.pass(leaseMs);
    await deliver();
    expect(accepts).toHaveLength(1);
  });

  it('is given up by the bot that slept, whose claim is lost, and settled by the other alone', async () => {
    const slept = deliver();
    await expect.poll(() => accepts.length).toBe(1);
    bench.pass(leaseMs + 1);
    const other = deliver();
    await expect.poll(() => accepts.length).toBe(2);
    await renew();
    await slept;
    accepts[1]?.();
    await other;
    bench.pass(2 * leaseMs);
    await deliver();
    expect(accepts).toHaveLength(2);
  });

  it('that was sent though its claim was lost unseen is not sent a third time to look for it', async () => {
    const slept = deliver();
    await expect.poll(() => accepts.length).toBe(1);
    bench.pass(leaseMs + 1);
    const other = deliver();
    await expect.poll(() => accepts.length).toBe(2);
    accepts[1]?.();
    await other;
    accepts[0]?.();
    await slept;
    for (let minutes = 0; minutes < 10; minutes += 1) {
      bench.pass(60_000);
      await deliver();
    }
    expect(accepts).toHaveLength(2);
  });
});
