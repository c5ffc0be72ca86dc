import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChatError } from '../../src/domain/chat.ts';
import type { TicketMail } from '../../src/domain/mailer.ts';
import type { TicketPolicy } from '../../src/domain/ticket-policy.ts';
import { onPglite } from '../support/databases.ts';
import type { Workbench } from '../support/workbench.ts';
import { alertMail, createWorkbench, start } from '../support/workbench.ts';

const email: TicketPolicy['email'] = {
  relay: { host: 'mail.example.net', port: 25 },
  from: 'Restage <restage@example.net>',
  to: ['maint@example.net'],
};

describe('A19: a ticket by mail as well', () => {
  const open = onPglite();
  let bench: Workbench;
  let sent: TicketMail[] = [];
  let failures = 0;

  const setUp = async (policy: TicketPolicy['email']) => {
    bench = await createWorkbench(await open());
    Object.assign(bench.deps.policies, { ticket: { ...bench.deps.policies.ticket, email: policy } });
    sent = [];
    Object.assign(bench.deps, {
      mailer: {
        send: async (mail: TicketMail) => {
          sent.push(mail);
          failures -= 1;
          if (failures >= 0) throw new ChatError('unknown', 'the relay went away');
        },
      },
    });
    await bench.receive(...[0, 1, 2].map(() => alertMail('int-58', start)));
    await bench.work();
  };
  const passAndWork = async (ms: number) => {
    bench.pass(ms);
    await bench.work();
  };

  beforeEach(() => {
    failures = 0;
  });
  afterEach(() => bench.close());

  it('goes out once, whatever becomes of the ticket', async () => {
    await setUp(email);
    await bench.receive(alertMail('int-58', start));
    await passAndWork(10_000);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      to: ['maint@example.net'],
      subject: '[ticket 1] int-58: connection error',
    });
    expect(sent[0]?.text).toMatch(/Device: +int-58\n(?:.*\n)*Location: +Köln \/ B3 \/ 201\n/);
  });

  it('is tried again on the same schedule as messages, under the same Message-ID', async () => {
    failures = 1;
    await setUp(email);
    await passAndWork(29_000);
    expect(sent).toHaveLength(1);
    await passAndWork(1_000);
    expect(sent).toHaveLength(2);
    expect(sent[0]?.messageId).toBe(sent[1]?.messageId);
    expect(sent[0]?.messageId).toMatch(/^id-\d+\.ticket-1@example\.net$/);
    expect(bench.workspace.messages('maint-eu').length).toBeGreaterThan(0);
  });

  it('is not sent where the site does not want it', async () => {
    await setUp(null);
    expect(sent).toEqual([]);
  });
});
