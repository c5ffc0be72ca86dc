import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ChatMessage, Modal } from '../../src/domain/chat.ts';
import type { CommandEnd } from '../../src/domain/store/redistributions.ts';
import { actions } from '../../src/messages/actions.ts';
import { pageValue } from '../../src/messages/page-value.ts';
import type { Deps } from '../../src/workflows/deps.ts';
import { clickApprove } from '../../src/workflows/redistribution/decide-redistribution.ts';
import { handleClick } from '../../src/workflows/handle-click.ts';
import { askWhatToEdit, turnPage } from '../../src/workflows/redistribution/look-at-proposal.ts';
import { renderRedistribution } from '../../src/workflows/redistribution/view-redistribution.ts';
import { readButtons, readText, slackComplaints } from '../messages/reading.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { logLine, prepareRedistributions, type RedistributionBench } from '../support/redistributions.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

const jobs = 40;
const recipients = ['client-1', 'client-2', 'client-3'];

describeOnBothDatabases('B10: a proposal of many jobs', (open) => {
  let bench: Workbench;
  let site: RedistributionBench;
  let id: string;
  beforeEach(async () => {
    bench = await createWorkbench(await open());
    bench.pass(1000);
    site = prepareRedistributions(bench);
    for (let n = 1; n <= jobs; n += 1) {
      const name = `J${String(n).padStart(2, '0')}`;
      site.server.logs.push(logLine(n / jobs - 2, { id: name, job: name, recipients }));
    }
    id = await site.propose();
  });
  afterEach(() => bench.close());

  const shown = async () => {
    const message = await renderRedistribution(site.deps, id);
    if (!message) throw new Error('no message');
    return readText(message);
  };

  it('shows its first jobs, the number of all, and from any page the next ones', async () => {
    const text = await shown();
    expect(text).toContain(`*To run*  ${jobs} commands for ${jobs * 3} recipients`);
    expect(text).toContain('*1.*  job `J01`');
    const hidden = Number(/… and (\d+) more commands/.exec(text)?.[1]);
    expect(text).toContain(`*${jobs - hidden}.*  job`);
    expect(text).not.toContain(`*${jobs - hidden + 1}.*  job`);

    const pages: ChatMessage[] = [];
    const chat = { ...site.deps.chat, respond: async (_: string, one: ChatMessage) => void pages.push(one) };
    const deps: Deps = { ...site.deps, chat };
    const click = { ...site.click(id), actionId: actions.redistributionNextPage };
    for (const from of [20, 9_999]) await turnPage(deps, { ...click, value: pageValue(id, from) });
    expect(readText(pages[0] ?? { text: '', blocks: [] })).toMatch(
      /Commands 21–\d+ of 40[^]*\*21\.\* {2}job `J21`/,
    );
    expect(readText(pages[1] ?? { text: '', blocks: [] })).toMatch(
      /Commands 40–40 of 40[^]*\*40\.\* {2}job `J40`/,
    );
  });

  it('shows a folded command in full to whoever clicks, page by page', async () => {
    const names = Array.from({ length: 1500 }, (_, n) => `client-of-a-long-name-${n}`);
    site.server.logs.push(logLine(-3, { id: 'long', job: 'J00', recipients: names }));
    id = await site.propose('int-38 last 3 days');
    const [first] = await site.commands(id);
    const value = pageValue(first?.id ?? '', 0);
    const proposal = await renderRedistribution(site.deps, id);
    expect(readButtons(proposal ?? { text: '', blocks: [] })).toContain(
      `Show in full ${actions.commandShowInFull} ${value}`,
    );
    const pages: { readonly text: string; readonly replaces: boolean }[] = [];
    const chat = {
      ...site.deps.chat,
      respond: async (_: string, one: ChatMessage, replaces?: 'replaces') => {
        expect(slackComplaints(one)).toEqual([]);
        pages.push({ text: readText(one), replaces: replaces !== undefined });
        const next = readButtons(one).find((button) => button.startsWith('Next '));
        if (next === undefined) return;
        const further = next.split(' ').slice(-2).join(' ');
        await handleClick(
          { ...site.deps, chat },
          { ...click, actionId: actions.commandNextPart, value: further },
        );
      },
    };
    const click = { ...site.click(id), actionId: actions.commandShowInFull, value };
    await handleClick({ ...site.deps, chat }, click);
    const text = pages.map((page) => page.text).join('');
    expect(names.filter((name) => !text.includes(name))).toEqual([]);
    expect(pages.map(({ replaces }) => replaces)).toEqual([false, ...pages.slice(1).map(() => true)]);
    expect(pages.length).toBeGreaterThan(1);
  });

  it('B11: opens the form of the command that was clicked, by its number', async () => {
    const forms: Modal[] = [];
    const chat = { ...site.deps.chat, openModal: async (_: string, form: Modal) => void forms.push(form) };
    const [, , third] = await site.commands(id);
    await askWhatToEdit({ ...site.deps, chat }, { ...site.click(id), value: third?.id ?? '' });
    expect(JSON.stringify(forms)).toContain('*Command 3*  job `J03`');
  });

  it('counts what became of all recipients, also of commands that the message does not show', async () => {
    await clickApprove(site.deps, site.click(id));
    const commands = await site.commands(id);
    const ends = commands.map(({ id: command, ordinal }): CommandEnd => {
      const failed = { name: 'client-1', result: 'failed', cause: 'refused' } as const;
      const unclear = { name: 'client-2', result: 'unknown', cause: null } as const;
      const common = { id: command, exitCode: 0, output: '', note: null, endedAt: bench.now() };
      if (ordinal < 30) return { ...common, state: 'succeeded', results: [] };
      return {
        ...common,
        state: ordinal < 39 ? 'failed' : 'unknown',
        results: ordinal < 39 ? [failed, unclear] : [],
      };
    });
    await site.deps.store.transaction(async (tx) => {
      await tx.endCommands(ends, ['approved']);
      await tx.changeRedistribution(id, ['approved'], { state: 'done' });
    });
    const text = await shown();
    expect(text).toContain('*Done*, not everything succeeded');
    expect(text).toContain('*Recipients*  99 succeeded · 9 failed · 12 unknown');
    expect(text).toContain('*Left*  120 failed deliveries of 40 jobs');
  });
});
