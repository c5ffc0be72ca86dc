import { afterEach, expect, it } from 'vitest';
import type { ChatMessage } from '../../src/domain/chat.ts';
import type { RawMail } from '../../src/domain/mail.ts';
import { compileFormats } from '../../src/alert/formats.ts';
import { plainFormat } from '../../src/alert/shipped-formats.ts';
import { actions } from '../../src/messages/actions.ts';
import { auditStore } from '../../src/workflows/audit.ts';
import type { Deps } from '../../src/workflows/deps.ts';
import { handleClick } from '../../src/workflows/handle-click.ts';
import { watchIntakes } from '../../src/workflows/intake/watch-intakes.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import type { Workbench } from '../support/workbench.ts';
import { alertMail, createWorkbench, start } from '../support/workbench.ts';

const hourMs = 3_600_000;

describeOnBothDatabases('mail that no format knows', (open) => {
  let bench: Workbench;
  afterEach(() => bench.close());

  /** From a sender that the alerts of the workbench have too. */
  function unknown(n: number, from = 'restage@int-38.example.net'): RawMail {
    const source = `From: ${from}\r\nSubject: [pkgd] push to int-5${n} failed\r\nMessage-ID: <u${n}@x>\r\n\r\nStatus: failed\r\nTarget: int-5${n}\r\n`;
    return { source: new TextEncoder().encode(source), via: 'test', receivedAt: bench.deps.clock.now() };
  }

  const look = () => watchIntakes(bench.deps, start);
  async function posts() {
    await bench.work();
    return bench.workspace
      .messages('maint-unknown')
      .map(({ text }) => text)
      .filter((text) => text.includes('no format knows') || text.includes('No format knows'));
  }

  /** Catches what is said to who clicks alone. */
  async function click(actionId: string, value: string, changed: Partial<Deps['policies']> = {}) {
    const said: ChatMessage[] = [];
    const chat = {
      ...bench.deps.chat,
      respond: async (_url: string, one: ChatMessage) => void said.push(one),
    };
    const person = { teamId: 'T0', userId: 'U0ANA' };
    const place = {
      deliveryKey: 'k',
      channel: 'C0EU',
      responseUrl: 'http://127.0.0.1:1/',
      triggerId: 't',
      messageTs: '1',
    };
    const deps = { ...bench.deps, chat, policies: { ...bench.deps.policies, ...changed } };
    await handleClick(deps, { ...place, actionId, value, person });
    return JSON.stringify(said);
  }

  it('is told at once when a known sender begins to send it, once, whoever looks and however often', async () => {
    bench = await createWorkbench(await open());
    await bench.receive(alertMail('int-58', start), unknown(1), unknown(2));
    await Promise.all([look(), look()]);
    await bench.receive(unknown(3));
    await look();
    expect(await posts()).toEqual([
      expect.stringMatching(
        /No format knows 2 mails from `restage@int-38\.example\.net`, whose mail was read until now/,
      ),
    ]);
  });

  it('of a sender that was never read is told in the line of the day alone', async () => {
    bench = await createWorkbench(await open());
    await bench.receive(unknown(1), unknown(2));
    await look();
    expect(await posts()).toEqual([]);
    bench.pass(24 * hourMs);
    await Promise.all([look(), look()]);
    await look();
    expect(await posts()).toEqual([
      expect.stringMatching(/2 mails in the 24 h to .* 08:00 that no format knows/),
    ]);
  });

  it('has a button that drafts a format for all of its kind, and one that lets them in once a format reads them', async () => {
    bench = await createWorkbench(await open());
    await bench.receive(alertMail('int-58', start), unknown(1), unknown(2));
    const draft = await click(actions.mailDraft, '2');
    expect(draft).toContain('Of these 2 mails it reads 2 as failures');
    expect(draft).toContain('it would take 2 stored mails, 0 of known formats');
    expect(draft).toContain('- name: pkgd');
    expect(await click(actions.mailLetIn, '2')).toContain(
      '0 of 2 mails are let in. The others are not, such as: Mail 3',
    );
    const pkgd = { ...plainFormat, name: 'pkgd', literals: [], match: [], each: null };
    const extract = [{ in: 'body', pattern: '^Target: (?<device>.+)' }] as const;
    const formats = compileFormats([plainFormat, { ...pkgd, extract }]);
    expect(await click(actions.mailLetIn, '2', { formats })).toContain('2 of 2 mails are let in.');
    expect(await click(actions.mailLetIn, '2', { formats })).toContain('None of these mails is left');
    expect((await auditStore(bench.deps)).balanced).toBe(true);
  });
});
