import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatMessage } from '../../src/domain/chat.ts';
import { type FailedJob, redistributionStates } from '../../src/domain/redistribution.ts';
import { renderNotice } from '../../src/messages/notice.ts';
import { type OutputView, renderOutput } from '../../src/messages/output.ts';
import { renderCommandPage } from '../../src/messages/command-page.ts';
import { readPageValue } from '../../src/messages/page-value.ts';
import { type RedistributionView, renderProposal } from '../../src/messages/redistribution.ts';
import { clients, command, options, pageOf, proposed, redistribution } from './fixtures.ts';
import { readButtons, readText, slackComplaints } from './reading.ts';

const unmatched: FailedJob = {
  server: 'int-38',
  job: 'J-4712',
  recipient: 'client-400',
  package: 'fonts-1',
  attempt: 1,
  failedAt: new Date('2026-11-20T02:00:00Z'),
  cause: 'timed out',
  knownFrom: 'alert',
};

/** The buttons that decide; the one that only shows is looked at apart. */
function decisions(message: ChatMessage): string[] {
  return readButtons(message).filter((label) => !label.startsWith('Show in full'));
}

describe('a proposal', () => {
  test.each([
    'Redistribution on int-38',
    '2026-11-19 00:00 to 2026-11-21 00:00 (Europe/Berlin), the down time of ticket 12',
    'Job\nAttempt\nPackages\nRecipients\nParameters\nCause\nState\n1\nJ-4711\n2\noffice-7.2\n200: client-[011-210]',
    '*1.*  job `J-4711`',
    'connect: timed out',
    '```\npush-package --package office-7.2 --to … 200 recipients …',
    'folded here, runs whole for 200 recipients; in full in the thread',
    '*Against the original*  recipients narrowed from 210 to 200',
    'log `/var/log/restage/2026-11-20.jsonl:17`',
    'Requested by <@U0ANNA>',
    '1 command for 200 recipients',
  ])('shows %j', (part) => {
    expect(readText(renderProposal(redistribution(), options))).toContain(part);
  });

  test.each(redistributionStates.map((state) => [state]))(
    'that is %s has buttons only while it waits for a decision, or can be stopped',
    (state) => {
      const canStop = state === 'approved' || state === 'running';
      const decide = [
        `Approve 1 command redistribution:approve r-7 ${proposed}`,
        'Select… redistribution:select r-7',
        'Canary… redistribution:canary r-7',
        'Reject… redistribution:reject r-7',
      ];
      const stop = ['Stop redistribution:stop r-7'];
      const view = redistribution({ state });
      const expected = canStop ? stop : [];
      expect(decisions(renderProposal(view, options))).toEqual(state === 'proposed' ? decide : expected);
      const stopped = { ...view, stoppedBy: { teamId: 'T1', userId: 'U0BEN' } };
      if (canStop) expect(decisions(renderProposal(stopped, options))).toEqual([]);
    },
  );

  test('says how a canary goes, and has a button where it waits', () => {
    const begun = { recipients: 5, afterwards: 'ask', waiting: true, releasedBy: null } as const;
    const view = redistribution({ state: 'running', canary: begun });
    const waits = { ...view, plan: view.plan && { ...view.plan, canary: 5 } };
    expect(readText(renderProposal(waits, options))).toContain('*The first recipients have succeeded*');
    expect(decisions(renderProposal(waits, options))).toEqual([
      'Go on redistribution:go-on r-7',
      'Stop redistribution:stop r-7',
    ]);
    const proposal = renderProposal({ ...waits, state: 'proposed' }, options);
    expect(readText(proposal)).toContain(
      '*Canary*  the first 5 recipients alone; if all succeed the others follow after a click on *Go on*',
    );
  });

  test.each([
    [{}, true],
    [{ quoted: 'push a', cwd: '/srv/'.repeat(40) }, true],
    [{ quoted: 'push a', quotedEnvironment: `A=${'x'.repeat(400)}` }, true],
    [{ quoted: 'push a', quotedVerification: 'x'.repeat(300) }, true],
    [{ quoted: 'push a' }, false],
  ])('has a button that shows in full what is cut of %j: %s', (change, isCut) => {
    const commands = [
      command({ context: { environment: {}, user: 'x', umask: null, version: null }, ...change }),
    ];
    const buttons = readButtons(renderProposal(redistribution({ commands }), options));
    expect(buttons.includes('Show in full command:show-in-full r-7-1 0')).toBe(isCut);
  });

  test('says as whom its commands run', () => {
    const binding = { user: 'restage', sudo: 'root', 'environment SITE_KEY': 'sha256:1' };
    const text = readText(renderProposal(redistribution({ binding }), options));
    expect(text).toContain('*Runs*  as `restage` · by sudo as `root` · with `SITE_KEY` from the config');
    const direct = redistribution({ binding: { user: 'restage', sudo: 'none' } });
    expect(readText(renderProposal(direct, options))).toMatch(/\*Runs\* {2}as `restage`$/m);
  });

  test('says that there is no canary where one is wanted and no command can be one', () => {
    const canary = { recipients: 5, afterwards: 'continue', waiting: false, releasedBy: null } as const;
    const none = '*Canary*  none: no job here has more than 5 recipients, or can go to some of them alone';
    expect(readText(renderProposal(redistribution({ canary }), options))).toContain(none);
    const few = redistribution({ canary: { ...canary, recipients: 200 } });
    expect(readText(renderProposal(few, options))).not.toContain('*Canary*');
  });

  test('asks again before it runs', () => {
    const actions = renderProposal(redistribution(), options).blocks.at(-1);
    expect(actions).toMatchObject({
      elements: [
        { style: 'primary', confirm: { text: { text: '1 command will run on int-38 for 200 recipients.' } } },
        {},
        {},
        { style: 'danger' },
      ],
    });
  });

  test('says which argument can not be approved, and offers no approval of nothing', () => {
    const refused = command({ refusal: "argument 3 `-e sh -c` is not among the server's allowed flags" });
    const message = renderProposal(redistribution({ commands: [refused] }), options);
    expect(readText(message)).toContain(":no_entry: *Can't be approved*: argument 3 `-e sh -c` is not among");
    expect(readButtons(message).join()).not.toContain('Approve');
  });

  test('names failures for which no command was found', () => {
    const text = readText(renderProposal(redistribution({ unmatched: [unmatched] }), options));
    expect(text).toContain('*No command found* for 1 failure known from alerts');
    expect(text).toContain('Jobs `J-4712` · recipients `client-400`');
  });

  test('with nothing to do says so', () => {
    const text = readText(renderProposal(redistribution({ state: 'empty', commands: [] }), options));
    expect(text).toContain('Nothing to redistribute');
  });
});

describe('after the decision', () => {
  const decided = {
    decidedBy: { teamId: 'T1', userId: 'U0BEN' },
    decidedAt: new Date('2026-11-20T04:00:00Z'),
    approvals: [
      {
        person: { teamId: 'T1', userId: 'U0BEN' },
        at: new Date('2026-11-20T04:00:00Z'),
        digest: 'd',
        voided: null,
      },
    ],
  };

  test.each([
    ['approved', 'Approved by <@U0BEN> <!date^'],
    ['rejected', 'Rejected by <@U0BEN> <!date^'],
  ] as const)('%s: who and when', (state, said) => {
    expect(readText(renderProposal(redistribution({ ...decided, state }), options))).toContain(said);
  });

  test('B10: an approval that does not count any more is shown with its reason', () => {
    const voided = 'Ana edited command <2>';
    const approvals = decided.approvals.map((one) => ({ ...one, voided }));
    const text = readText(renderProposal(redistribution({ approvals, approvalsNeeded: 2 }), options));
    expect(text).toMatch(/Void: the approval of <@U0BEN> <!date\S+ .*; Ana edited command &lt;2&gt;/);
    expect(text).toContain('*Approvals*  2 people must still approve');
  });

  test('each command says how it went, and the totals count recipients', () => {
    const commands = [
      command({ job: 'J-1', state: 'succeeded', exitCode: 0 }),
      command({ job: 'J-2', state: 'failed', exitCode: 4, failedAgain: clients.slice(0, 3) }),
      command({ job: 'J-3', state: 'unknown', recipients: ['client-500'] }),
      command({ job: 'J-4', state: 'running', recipients: ['client-501'] }),
    ];
    const text = readText(
      renderProposal(
        redistribution({ ...decided, state: 'running', commands, unmatched: [unmatched] }),
        options,
      ),
    );
    expect(text).toContain('397 succeeded · 3 failed · 1 unknown');
    expect(text).toContain('*Commands left*  3 · 1 failure without a command');
    expect(text).toContain('✅ succeeded (exit code 0)');
    expect(text).toContain('❌ failed (exit code 4)');
    expect(text).toContain('200: client-[011-210]');
    expect(text).toContain('*Failed again (3)*  `client-[011-013]`');
    expect(text).toContain('outcome unknown, look on the server');
  });

  test('a proposal says whose turn it is: who may approve, until when, and about what', () => {
    const approvers = [
      { kind: 'user', userId: 'U0BEN' },
      { kind: 'group', groupId: 'S0EU' },
      { kind: 'channel', channel: null },
      { kind: 'channel', channel: 'maint<!>' },
    ] as const;
    const message = renderProposal(redistribution({ approvers }), options);
    expect(message.text).toBe('Waits for your approval: 1 command for 200 recipients on int-38');
    const people = '<@U0BEN>, <!subteam^S0EU>, the members of this channel, the members of #maint&lt;!&gt;';
    expect(readText(message)).toContain(
      `*May approve*  ${people}, except <@U0ANNA> who asked · expires <!date^`,
    );
    const open = readText(renderProposal(redistribution({ requesterMayApprove: true }), options));
    expect(open).toContain('*May approve*  everybody in this channel · expires');
    const refused = [command({ refusal: 'no' })];
    expect(readText(renderProposal(redistribution({ commands: refused }), options))).not.toContain(
      'May approve',
    );
  });

  test('what is left is told as it is listed, once it is done', () => {
    const commands = [command({ state: 'succeeded', exitCode: 0 })];
    const done = (deliveries: number) =>
      readText(
        renderProposal(redistribution({ state: 'done', commands, left: { jobs: 1, deliveries } }), options),
      );
    expect(done(1)).toContain('*Left*  1 failed delivery of 1 job');
    expect(done(0)).toContain('*Left*  nothing');
    expect(done(1)).not.toContain('Commands left');
  });

  test('an exit code that names nobody stands beside those whose outcome it leaves unknown', () => {
    const commands = [command({ state: 'unknown', exitCode: 2, unclear: clients })];
    const text = readText(renderProposal(redistribution({ state: 'running', commands }), options));
    expect(text).toContain('200 unknown (the tool ended with an error and named nobody)');
    expect(text).toContain('outcome unknown (exit code 2), look on the server');
  });

  test('failures that only logs told of are not said to be known from alerts', () => {
    const failure = {
      server: 'int-38',
      job: 'J',
      recipient: 'c',
      package: 'p',
      attempt: 1,
      failedAt: new Date(0),
      cause: 'x',
    };
    const shown = (...origins: readonly ('alert' | 'log' | 'both')[]) => {
      const failures = origins.map((knownFrom) => ({ ...failure, knownFrom }));
      return readText(renderProposal(redistribution({ unmatched: failures }), options));
    };
    expect(shown('alert')).toContain('1 failure known from alerts: they');
    expect(shown('log')).toContain('1 failure known from logs that were read before: they');
    expect(shown('alert', 'both')).toContain('known from alerts and from logs that were read before');
  });

  test.each([
    ['succeeded', {}, '200 succeeded · 0 failed'],
    ['failed', {}, '0 succeeded · 200 failed'],
    ['failed', { failedAgain: [] }, '0 succeeded · 200 failed'],
    ['failed', { failedAgain: ['client-011'] }, '199 succeeded · 1 failed'],
    ['succeeded', { unclear: ['client-011'] }, '199 succeeded · 0 failed · 1 unknown'],
    ['unknown', { failedAgain: ['client-011'] }, '0 succeeded · 1 failed · 199 unknown'],
    ['running', {}, '0 succeeded · 0 failed'],
  ] as const)('a command that is %s, with %j, counts %s', (state, told, counts) => {
    const view = redistribution({ state: 'running', commands: [command({ state, ...told })] });
    expect(readText(renderProposal(view, options))).toContain(`*Recipients*  ${counts}\n`);
  });

  test('done with failures does not look like success', () => {
    const commands = [command({ state: 'failed', exitCode: 1 })];
    expect(readText(renderProposal(redistribution({ state: 'done', commands }), options))).toContain(
      'not everything succeeded',
    );
  });
});

/** The proposal, and all pages that its buttons lead to. */
function lookThrough(view: RedistributionView): readonly ChatMessage[] {
  const messages: ChatMessage[] = [];
  let next: ChatMessage | null = renderProposal(view, options);
  while (next !== null) {
    messages.push(next);
    const onward = readButtons(next).find((label) => /^(?:Look through them|Next) /.test(label));
    const page = readPageValue(onward?.split(' ').slice(-2).join(' ') ?? '');
    next = page && renderCommandPage(pageOf(view, page.from), options);
  }
  return messages;
}

test('B10: every command stands in the message or on a page that it leads to, once', () => {
  const commands = Array.from({ length: 40 }, (_, index) => command({ job: `J-${index + 1}.` }));
  const messages = lookThrough(redistribution({ commands }));
  expect(readText(messages[0] ?? renderNotice(''))).toMatch(/… and \d+ more commands/);
  const all = messages.map(readText).join('\n');
  for (const { job } of commands) expect(all.split(`job \`${job}\``)).toHaveLength(2);
  expect(messages.flatMap(slackComplaints)).toEqual([]);
});

const jobsOf = (count: number) =>
  redistribution({
    commands: Array.from({ length: count }, (_, index) =>
      command({ job: `J-${index + 1}`, id: `r-7-${index}`, recipients: ['client-011'] }),
    ),
  });

test('B10: the first and the last of 10,000 jobs fit into messages', () => {
  const view = jobsOf(10_000);
  expect(slackComplaints(renderProposal(view, options))).toEqual([]);
  const last = renderCommandPage(pageOf(view, 9_998), options);
  expect(slackComplaints(last)).toEqual([]);
  expect(readText(last)).toContain('Commands 9999–10000 of 10000');
});

test('B10: going back page by page leads to the start', () => {
  const view = jobsOf(60);
  const starts = [59];
  while (starts.length < 60 && starts.at(-1) !== 0) {
    const page = renderCommandPage(pageOf(view, starts.at(-1) ?? 0), options);
    const back = readButtons(page).find((label) => label.startsWith('Previous'));
    starts.push(readPageValue(back?.split(' ').slice(-2).join(' ') ?? '')?.from ?? -1);
  }
  expect(starts.at(-1)).toBe(0);
  expect(starts).toEqual(starts.toSorted((one, other) => other - one));
});

test('B10: what is in doubt is named, and takes another button that says so', () => {
  const commands = [command(), command({ job: 'J-2', changed: ['the package is another one'] })];
  const message = renderProposal(redistribution({ commands }), options);
  expect(decisions(message)[0]).toBe(
    `Approve 2 commands, 1 in doubt redistribution:approve-marked r-7 ${proposed}`,
  );
  const text = JSON.stringify(message.blocks.at(-1));
  expect(text).toContain('1 command to look at twice, not as it was or only inferred: J-2.');
});

test('B10: what is left out is not approved, and counted', () => {
  const commands = [command(), command({ job: 'J-2', selected: false })];
  const message = renderProposal(redistribution({ commands }), options);
  expect(readText(message)).toContain('*To run*  1 command for 200 recipients · 1 left out');
  expect(readText(message)).toContain('job `J-2` · left out');
});

test('B11: a change stands beside the original, with who made it', () => {
  const rebuilt = command();
  const changed = command({
    argv: [...rebuilt.argv, '--timeout=60', 'x\n+ y'],
    rebuilt,
    changedBy: [{ teamId: 'T1', userId: 'U0BEN' }],
    changedAt: new Date('2026-11-20T04:00:00Z'),
  });
  const text = readText(renderProposal(redistribution({ commands: [changed] }), options));
  expect(text).toMatch(/:pencil2: \*Changed\* by <@U0BEN> <!date\S+ .*, against what was rebuilt:/);
  expect(text).toContain('```\n+ --timeout=60\n+ x ⏎ + y\n```');
});

test('a proposal stays within the limits and rings nobody, whatever logs and people say', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom('<!channel>', '```<!here>', '&<>`'.repeat(2000), '\u202e', "rsync -e 'sh -c x'"),
  );
  const ownDates = /<!date\^\d+\^\{date_short_pretty\} \{time\}\|[^<>]*>/g;
  const list = fc.array(nasty, { maxLength: 30 });
  const hostile = fc.record({
    server: nasty,
    job: nasty,
    quoted: nasty,
    cwd: nasty,
    argv: list,
    originalArgv: list,
    packages: list,
    recipients: list,
    causes: list,
    refusal: fc.option(nasty),
  });
  fc.assert(
    fc.property(fc.array(hostile, { maxLength: 15 }), nasty, fc.option(nasty), (many, name, note) => {
      const { period } = redistribution();
      const view = redistribution({
        commands: many.map(command),
        note,
        server: name,
        period,
        timeZone: name,
      });
      for (const message of lookThrough(view)) {
        expect(slackComplaints(message)).toEqual([]);
        const text = readText(message).replaceAll('<@U0ANNA>', '').replaceAll(ownDates, '');
        expect(text).not.toMatch(/<[!@#]/);
      }
    }),
    { numRuns: 100 },
  );
});

const ran: OutputView = {
  id: 'r-7-1',
  state: 'succeeded',
  quoted: 'rsync -a x y',
  output: '',
  exitCode: 0,
  results: [],
  note: null,
};

describe('the output of a command', () => {
  test.each([
    [null, 'no exit code yet'],
    [0, ':white_check_mark: exit code 0'],
    [255, ':x: exit code 255'],
  ])('with exit code %s', (exitCode, said) => {
    const state = exitCode === null ? 'running' : 'succeeded';
    const text = readText(renderOutput({ ...ran, state, output: 'sent 3 files\n', exitCode }));
    expect(text).toContain('```\n$ rsync -a x y\n```');
    expect(text).toContain('```\nsent 3 files\n```');
    expect(text).toContain(said);
  });

  test('shows its last lines when it is long', () => {
    const message = renderOutput({
      ...ran,
      quoted: 'x'.repeat(5000),
      output: `${'line\n'.repeat(9000)}the end`,
    });
    expect(readText(message)).toContain('the end\n```');
    expect(slackComplaints(message)).toEqual([]);
  });

  test('can hold anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (output) => {
        expect(slackComplaints(renderOutput({ ...ran, quoted: output, output, note: output }))).toEqual([]);
      }),
    );
  });
});

test('a notice may quote what people typed', () => {
  const message = renderNotice('I know no server `<!channel>`.\nTry `/redistribute int-38`.');
  expect(message.text).toBe('I know no server `&lt;!channel&gt;`.\nTry `/redistribute int-38`.');
  expect(slackComplaints(renderNotice('<'.repeat(10_000)))).toEqual([]);
});
