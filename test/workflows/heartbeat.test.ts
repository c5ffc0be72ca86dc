import { EventEmitter, once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import type { ChatHealth } from '../../src/domain/chat.ts';
import type { HeartbeatPolicy } from '../../src/domain/heartbeat.ts';
import type { IntakeHealth } from '../../src/domain/intake.ts';
import type { RawMail } from '../../src/domain/mail.ts';
import type { Deps } from '../../src/workflows/deps.ts';
import { createProgress } from '../../src/workflows/health/progress.ts';
import { watchIntakes } from '../../src/workflows/intake/watch-intakes.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import type { Workbench } from '../support/workbench.ts';
import { alertMail, createWorkbench, start } from '../support/workbench.ts';

const minute = 60_000;
const relay = { host: 'relay.example.net', port: 25 };
const probe = {
  everyMs: 15 * minute,
  withinMs: 5 * minute,
  relay,
  from: 'a@example.net',
  to: 'b@example.net',
};

describeOnBothDatabases('A1: signs of life', (open, itOnce) => {
  let bench: Workbench;
  afterEach(() => bench.close());

  /** A bot whose mailbox can be connected and disconnected, and whose probes are caught. */
  async function createBot(heartbeat: Partial<HeartbeatPolicy>) {
    bench = await createWorkbench(await open());
    const mailbox = { connected: true };
    const sent: string[] = [];
    const clicks = { open: 2, blockedBy: null as string | null };
    const chatHealth = (): ChatHealth => ({
      isReached: true,
      lastGoodAt: null,
      lastFailure: null,
      sockets: { wanted: 2, open: clicks.open, counted: 2 },
      clicksBlockedBy: clicks.blockedBy,
    });
    let passedMs = 0;
    const progress = createProgress(() => passedMs);
    const policy = { disconnectedAfterMs: 10 * minute, expectWithinMs: new Map(), probe: null, ...heartbeat };
    const { policies } = bench.deps;
    const health = (): IntakeHealth => ({
      intake: 'imap:alerts',
      kind: 'mailbox',
      connected: mailbox.connected,
      detail: mailbox.connected ? null : 'login refused',
    });
    const deps: Deps = {
      ...bench.deps,
      policies: { ...policies, intake: { ...policies.intake, heartbeat: policy } },
      chat: { ...bench.deps.chat, health: chatHealth },
      progress,
      intakeHealth: () => [health()],
      probeMailer: { send: async (_policy, token) => void sent.push(token) },
    };
    /** The sweep looks every few seconds; here it does at each of these minutes. */
    const watch = async (...afterMinutes: readonly number[]) => {
      for (const at of afterMinutes) {
        passedMs = at * minute;
        bench.pass(start.getTime() + at * minute - bench.now().getTime());
        await watchIntakes(deps, start);
        await bench.work();
      }
    };
    return { deps, mailbox, sent, watch, progress, clicks };
  }

  const told = () => bench.workspace.messages('maint-unknown');
  const texts = () => told().map(({ text }) => text);

  it('a mailbox that is away for long is reported once, and so is its recovery', async () => {
    const { mailbox, watch } = await createBot({});
    await watch(0);
    mailbox.connected = false;
    await watch(1, 5, 9, 10);
    expect(told()).toEqual([]);
    await watch(11, 12, 13);
    expect(texts()).toEqual([
      expect.stringMatching(/Alerts may be missing.*`alerts` can not be reached \(login refused\)/),
    ]);
    mailbox.connected = true;
    await watch(14, 15);
    expect(texts()).toEqual([
      expect.stringMatching(/^:white_check_mark: \*Recovered after 14 min\*/),
      'The mailbox `alerts` recovered after 14 min.',
    ]);
    const [message, line] = told();
    expect(line?.threadTs).toBe(message?.ts);
  });

  it('a batch that gets no further is told once, and its end too, while the mailbox is connected', async () => {
    const { watch, progress } = await createBot({});
    const end = new EventEmitter();
    await watch(0);
    const batch = progress.track('imap:alerts', () => once(end, 'committed'), true);
    await watch(1, 2);
    expect(told()).toEqual([]);
    await watch(3, 4, 5);
    expect(texts()).toEqual([
      expect.stringMatching(/Alerts may be missing.*`alerts` brings mail that is not taken in/),
    ]);
    end.emit('committed');
    await batch;
    await watch(6, 7);
    expect(texts()).toEqual([
      expect.stringMatching(/^:white_check_mark: \*Recovered after 6 min\*/),
      'The mailbox `alerts` recovered after 6 min.',
    ]);
  });

  itOnce('counting that commits nothing while alerts wait is told, unless another bot counts', async () => {
    const { deps, watch, progress } = await createBot({});
    const end = new EventEmitter();
    const other = createProgress(() => 0);
    await other.track('counting', async () => {});
    await watch(0);
    const stuck = progress.track('counting', () => once(end, 'over'));
    for (const at of [1, 2, 3, 4]) {
      await watchIntakes({ ...deps, progress: other }, start);
      await watch(at);
    }
    expect(told()).toEqual([]);
    await watch(6, 7, 8);
    expect(texts()).toEqual([expect.stringContaining('alerts wait to be counted, and none is')]);
    end.emit('over');
    await stuck;
    await watch(9);
    expect(texts()[0]).toContain('Recovered');
  });

  itOnce('clicks that can not come in are told once, with the reason, and again when they do', async () => {
    const { watch, clicks } = await createBot({});
    await watch(0);
    Object.assign(clicks, { open: 0, blockedBy: 'ten connections are open already' });
    await watch(1, 2);
    expect(told()).toEqual([]);
    await watch(3, 4);
    expect(texts()).toEqual([
      expect.stringMatching(/does not hear you\*: clicks and commands do not come in \(ten connections/),
    ]);
    clicks.open = 2;
    await watch(5);
    expect(texts()[0]).toContain('Recovered after 5 min');
  });

  itOnce('a second failure is a second message', async () => {
    const { mailbox, watch } = await createBot({});
    await watch(0);
    mailbox.connected = false;
    await watch(11);
    mailbox.connected = true;
    await watch(12);
    mailbox.connected = false;
    await watch(13, 30);
    expect(told().filter(({ threadTs }) => !threadTs)).toHaveLength(2);
  });

  itOnce('two bots on one database report it once, and one that is connected is enough', async () => {
    const { deps, mailbox, watch } = await createBot({});
    const other: Deps = {
      ...deps,
      intakeHealth: () => deps.intakeHealth().map((one) => ({ ...one, connected: true })),
    };
    await watch(0);
    mailbox.connected = false;
    for (const at of [5, 10, 15]) {
      await watch(at);
      await watchIntakes(other, start);
    }
    expect(told()).toEqual([]);
    bench.pass(11 * minute);
    await Promise.all([
      watchIntakes(deps, start),
      watchIntakes({ ...deps, newId: () => 'of-the-other' }, start),
    ]);
    await bench.work();
    expect(told()).toHaveLength(1);
  });

  it('a mailbox that brings nothing in its expected time is reported until it does', async () => {
    const { watch } = await createBot({ expectWithinMs: new Map([['imap:alerts', 60 * minute]]) });
    const arrive = () => bench.receive({ ...alertMail('int-58', bench.now()), via: 'imap:alerts' });
    await watch(0, 50);
    await arrive();
    await watch(100);
    expect(told()).toEqual([]);
    await watch(111);
    expect(texts()).toEqual([expect.stringContaining('has brought nothing within its expected time')]);
    await arrive();
    await watch(112);
    expect(texts()[0]).toContain('Recovered');
  });

  itOnce(
    'a probe mail goes out at its interval; one that does not come back in time is reported',
    async () => {
      const { sent, watch } = await createBot({ probe });
      await watch(0, 1, 4);
      expect(sent).toHaveLength(1);
      await bench.receive(probeMail(sent[0] ?? '', bench.now()));
      await watch(14, 15, 16, 20);
      expect(sent).toHaveLength(2);
      expect(told()).toEqual([]);
      await watch(21, 22);
      expect(texts()).toEqual([expect.stringContaining('the probe mail did not come back in time')]);
      await bench.receive(probeMail(sent[1] ?? '', bench.now()));
      expect(bench.jobs).toContainEqual({ queue: 'heartbeat' });
      await watch(27);
      expect(texts()[0]).toContain('Recovered after 12 min');
    },
  );

  it('a probe mail ends as an ignored mail, whoever its sender is, and nobody else’s mail does', async () => {
    const { sent, watch } = await createBot({ probe });
    await watch(0);
    const forged = ['no such thing!', 'probe-0123456789abcdef'].map((token) => probeMail(token, bench.now()));
    await bench.receive(probeMail(sent[0] ?? '', bench.now()), ...forged);
    const { mails, refusals } = await bench.deps.store.transaction(async (tx) => ({
      mails: (await tx.sums()).mails,
      refusals: await tx.refusals(),
    }));
    expect(mails).toMatchObject({ ignored: 1, rejected: 2 });
    expect(refusals).toEqual({ 'mime: probe': 1, 'domain: domain-not-listed': 2 });
  });

  itOnce('a relay that does not take the probe is noticed as well', async () => {
    const { deps, watch } = await createBot({ probe });
    const broken: Deps = { ...deps, probeMailer: { send: () => Promise.reject(new Error('refused')) } };
    await watchIntakes(broken, start);
    await watch(6);
    expect(texts()).toEqual([expect.stringContaining('the probe mail')]);
  });
});

function probeMail(token: string, at: Date): RawMail {
  const lines = [
    'From: restage@elsewhere.example',
    'Subject: probe',
    `X-Restage-Probe: ${token}`,
    '',
    'probe',
    '',
  ];
  return { source: new TextEncoder().encode(lines.join('\r\n')), via: 'imap:alerts', receivedAt: at };
}
