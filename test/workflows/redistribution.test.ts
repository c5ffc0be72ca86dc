import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RestageError } from '../../src/domain/errors.ts';
import type { CommandTemplate } from '../../src/domain/redistribution.ts';
import type { Tx } from '../../src/domain/store/store.ts';
import {
  clickApprove,
  rejectRedistribution,
} from '../../src/workflows/redistribution/decide-redistribution.ts';
import type { Deps } from '../../src/workflows/deps.ts';
import { gather } from '../../src/workflows/redistribution/gather.ts';
import { runRedistribution } from '../../src/workflows/redistribution/run-redistribution.ts';
import { renderRedistribution } from '../../src/workflows/redistribution/view-redistribution.ts';
import { sweep } from '../../src/workflows/sweep.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import {
  ana,
  ben,
  hourMs,
  int38,
  logLine,
  prepareRedistributions,
  type RedistributionBench,
} from '../support/redistributions.ts';
import { alertMail, createWorkbench, start, type Workbench } from '../support/workbench.ts';

const ever = new AbortController().signal;
const away = new RestageError('server-unreachable', 'int-38 cannot be reached');
const succeeded = { exitCode: 0, results: [{ recipient: 'int-58', result: 'succeeded', cause: null }] };

describeOnBothDatabases('redistribution', (open, itOnce) => {
  let bench: Workbench;
  let site: RedistributionBench;
  beforeEach(async () => {
    bench = await createWorkbench(await open());
    site = prepareRedistributions(bench);
    site.server.logs.push(logLine(0));
    bench.pass(1000);
  });
  afterEach(() => bench.close());

  const withTemplates = (allowed: readonly CommandTemplate[]): Deps => ({
    ...site.deps,
    policies: { ...site.deps.policies, servers: new Map([['int-38', { ...int38, allowed }]]) },
  });
  const failedJobs = () => site.deps.store.transaction((tx) => tx.failedJobs('int-38', null));
  const approve = (id: string, deps = site.deps) => clickApprove(deps, site.click(id));
  const run = (id: string) => runRedistribution(site.deps, id, ever);

  it('B13: a job that fails every night can be redistributed every night', async () => {
    await bench.receive(alertMail('int-58', start));
    const first = await site.propose();
    expect(await approve(first)).toBeNull();
    site.server.logs.push(logLine(0.001, { attempt: 2, ...succeeded }));
    await run(first);
    expect(await failedJobs()).toEqual([]);

    bench.pass(23 * hourMs);
    site.server.logs.push(logLine(23.5));
    await bench.receive(alertMail('int-58', new Date(start.getTime() + 23.5 * hourMs + 1000)));
    bench.pass(hourMs);
    const second = await site.propose();
    expect(await site.record(second)).toMatchObject({ state: 'proposed', unmatched: [] });
    expect((await site.commands(second)).map(({ command }) => [command.attempt, command.refusal])).toEqual([
      [3, null],
    ]);
    expect(await approve(second)).toBeNull();
    bench.pass(1000);
    site.server.logs.push(logLine(24.0006, { attempt: 3, ...succeeded }));
    await run(second);
    expect(await failedJobs()).toEqual([]);
  });

  itOnce.each([
    ['half a character in an argument', { argv: ['/bin/push', '\ud800'] }],
    ['an attempt beyond all numbers', { attempt: 9_007_199_254_740_991 }],
    ['a name that no index takes', { job: '\u6f22'.repeat(1_200) }],
    [
      'half a character in a cause',
      { results: [{ recipient: 'int-58', result: 'failed', cause: '\ud800' }] },
    ],
  ])('a line with %s stops nothing', async (_name, change) => {
    site.server.logs.push(logLine(0, change));
    const id = await site.propose();
    expect(await site.record(id)).toMatchObject({ state: 'proposed' });
    expect(await site.commands(id)).toHaveLength(1);
  });

  itOnce('what goes wrong while gathering ends it, and it can be asked for again', async () => {
    site.server.readLogs = () => Promise.reject(new TypeError('a bug'));
    const id = await site.propose();
    expect(await site.record(id)).toMatchObject({
      state: 'failed',
      note: expect.stringContaining('its log'),
    });
    site.server.readLogs = async () => {};
    expect(await site.record(await site.propose())).toMatchObject({ state: 'proposed' });
  });

  itOnce('a second bot that fails to read does not undo what the first one proposed', async () => {
    const { id } = await site.ask('int-38');
    site.server.readLogs = async () => {
      site.server.readLogs = async () => {};
      await gather(site.deps, id);
      expect(await clickApprove(site.deps, await site.clickNow(id))).toBeNull();
      throw away;
    };
    await gather(site.deps, id);
    expect(await site.record(id)).toMatchObject({ state: 'approved', note: null });
  });

  itOnce('a command that no system takes is refused before anybody approves it', async () => {
    site.server.logs.push(logLine(0, { job: 'J2', argv: ['/bin/push', 'x'.repeat(140_000)] }));
    const [, long] = await site.commands(await site.propose());
    expect(long?.command.refusal).toContain('too long');
  });

  describe('a person decides', () => {
    itOnce('B10: once, however often they click', async () => {
      const id = await site.propose();
      expect(await approve(id)).toBeNull();
      expect(await approve(id)).toBe('It is approved already.');
      expect(bench.jobs.filter((job) => job.queue === 'run')).toHaveLength(1);
    });

    it('not too late', async () => {
      const id = await site.propose();
      bench.pass(hourMs);
      expect(await approve(id)).toContain('waited too long');
      await sweep(site.deps);
      expect(await site.record(id)).toMatchObject({ state: 'expired' });
    });

    it('not upon commands that are not those shown', async () => {
      const id = await site.propose();
      const change = { digest: 'sha256:00' };
      await site.deps.store.transaction((tx) => tx.changeRedistribution(id, ['proposed'], change));
      expect(await approve(id)).toContain('not those that were shown');
    });

    itOnce('not upon their own request', async () => {
      const id = await site.propose();
      const click = site.click(id, { ...ana, teamId: 'T0OTHER' });
      expect(await clickApprove(site.deps, click)).toContain('somebody else');
    });

    itOnce('not against the templates that are in force now', async () => {
      const id = await site.propose();
      expect(await approve(id, withTemplates([]))).toContain('does not allow this any more');
      expect(await site.record(id)).toMatchObject({ state: 'proposed' });
    });

    itOnce('of two proposals only upon the newer one', async () => {
      const older = await site.propose();
      const newer = await site.propose();
      expect(await approve(older)).toBe('It is expired already.');
      expect(await site.record(older)).toMatchObject({ note: 'A newer proposal takes its place.' });
      expect(await approve(newer)).toBeNull();
    });

    itOnce('says so where an attempt was approved before, and keeps nothing', async () => {
      const first = await site.propose();
      const [command] = await site.commands(first);
      await approve(first);
      await run(first);
      const copy = { ...(await site.record(first)), id: 'copy', state: 'proposed' } as const;
      await site.deps.store.transaction(async (tx) => {
        await tx.addRedistribution(copy);
        if (command) await tx.addCommands([{ ...command, id: 'copy-1', redistributionId: 'copy' }]);
      });
      expect(await clickApprove(site.deps, await site.clickNow('copy'))).toContain('was approved before');
      expect(await site.record('copy')).toMatchObject({ state: 'proposed' });
    });

    itOnce('or rejects, and then nothing runs', async () => {
      const id = await site.propose();
      expect(await rejectRedistribution(site.deps, { id, person: ben }, 'no')).toBeNull();
      expect(await approve(id)).toBe('It is rejected already.');
      expect(await rejectRedistribution(site.deps, { id, person: ben }, 'no')).toBe(
        'It is rejected already.',
      );
    });

    itOnce('an approval in the middle of a new request wins', async () => {
      const id = await site.propose();
      const { store } = site.deps;
      // PGlite has one connection: there the approval can only come before or after.
      if (store.description.includes('PGlite')) return;
      const real = store.transaction.bind(store);
      const spied = (tx: Tx): Tx => {
        const redistributionsOf: Tx['redistributionsOf'] = async (server, states) => {
          const found = await tx.redistributionsOf(server, states);
          if (states.length === 1) await approve(id);
          return found;
        };
        return Object.assign(Object.create(tx) as Tx, { redistributionsOf });
      };
      const raced = {
        ...bench,
        deps: {
          ...bench.deps,
          store: {
            ...store,
            transaction: <T>(work: (tx: Tx) => Promise<T>) => real((tx) => work(spied(tx))),
          },
        },
      };
      const { answer } = await prepareRedistributions(raced).ask('int-38 today');
      expect(answer).toContain('is being redistributed already');
      expect(await site.record(id)).toMatchObject({ state: 'approved' });
    });
  });

  describe('what was approved', () => {
    const runs: boolean[] = [];
    let id: string;
    beforeEach(async () => {
      runs.length = 0;
      id = await site.propose();
      await approve(id);
    });
    const fails = (error: Error, sent: boolean) => {
      site.server.reach = async () => {
        if (!sent) throw error;
      };
      site.server.run = async (_profile, request, watcher) => {
        runs.push(request.mayStart);
        if (sent) watcher.onSend();
        throw error;
      };
    };
    const states = async () => [
      (await site.record(id)).state,
      ...(await site.commands(id)).map(({ state, note }) => `${state}: ${note}`),
    ];

    it.each(['server-refused', 'server-host-key', 'server-authentication'] as const)(
      'ends where the server says %s for good, and has not run',
      async (code) => {
        fails(new RestageError(code, 'no, for good'), false);
        await run(id);
        expect(await states()).toEqual(['done', 'skipped: Not started: no, for good']);
        expect(await failedJobs()).toHaveLength(1);
        expect((await site.ask('int-38')).answer).toContain('Reading the failed jobs');
      },
    );

    itOnce('is unknown where it was sent before that', async () => {
      fails(new RestageError('server-refused', 'no, for good'), true);
      await run(id);
      expect(await states()).toEqual(['done', 'unknown: It may have run: no, for good']);
    });

    itOnce('waits for a server that is away, but not for ever', async () => {
      fails(away, false);
      await expect(run(id)).rejects.toThrow(away);
      expect(await states()).toEqual(['running', 'approved: null']);
      bench.pass(30 * 24 * hourMs);
      await run(id);
      expect(runs).toEqual([]);
      expect(await states()).toEqual([
        'done',
        expect.stringContaining('skipped: Not started: its approval is too old'),
      ]);
    });

    itOnce('is only looked for when it is too late to start it, and its sending was cut off', async () => {
      fails(away, true);
      await expect(run(id)).rejects.toThrow(away);
      bench.pass(hourMs);
      site.server.run = async (_profile, request) => {
        runs.push(request.mayStart);
        return { outcome: 'missing' };
      };
      await run(id);
      expect(runs).toEqual([true, false]);
      expect(await states()).toEqual(['done', expect.stringContaining('skipped: Not started')]);
    });

    itOnce('is never started twice once the server had it', async () => {
      site.server.run = async (_profile, _request, watcher) => {
        watcher.onSend();
        watcher.onSeen();
        throw away;
      };
      await expect(run(id)).rejects.toThrow(away);
      site.server.run = async (_profile, request) => {
        runs.push(request.mayStart);
        return { outcome: 'missing' };
      };
      await run(id);
      expect(runs).toEqual([false]);
      expect(await states()).toEqual(['done', expect.stringContaining('unknown: It may have run')]);
    });

    itOnce.each([
      ['its template is gone', [], 'not an allowed program on this server any more'],
      [
        'its directory is not allowed now',
        [{ ...int38.allowed[0], directories: ['/srv'] } as CommandTemplate],
        'its directory "/" is not allowed any more',
      ],
    ])('is not started where %s', async (_name, allowed, reason) => {
      await runRedistribution(withTemplates(allowed), id, ever);
      expect(await states()).toEqual(['done', expect.stringContaining(reason)]);
    });

    itOnce('ends where the config has no such server any more', async () => {
      const deps = { ...site.deps, policies: { ...site.deps.policies, servers: new Map() } };
      await runRedistribution(deps, id, ever);
      expect(await states()).toEqual(['done', expect.stringContaining('does not name its server')]);
    });

    itOnce('has its results from its own record, not from an older one of that attempt', async () => {
      site.server.logs.unshift(logLine(-12, { attempt: 2, ...succeeded }));
      site.server.logs.push(logLine(0.01, { attempt: 2 }));
      await run(id);
      expect((await site.commands(id)).map(({ results }) => results[0]?.result)).toEqual(['failed']);
    });

    itOnce('waits for the log, which alone knows the results', async () => {
      site.server.readLogs = () => Promise.reject(away);
      await expect(run(id)).rejects.toThrow(away);
      expect(await states()).toEqual(['running', 'running: null']);
      site.server.readLogs = async () => {};
      await run(id);
      expect(await states()).toEqual(['done', 'succeeded: null']);
    });
  });

  it('without its record, exit code 0 clears nothing of several recipients', async () => {
    site.server.logs.push(logLine(0, { job: 'J2', recipients: ['a', 'b'] }));
    const id = await site.propose('int-38');
    await approve(id);
    await run(id);
    expect((await site.commands(id)).map(({ command, state }) => [command.job, state])).toEqual([
      ['J1', 'succeeded'],
      ['J2', 'unknown'],
    ]);
    expect((await failedJobs()).map(({ recipient }) => recipient)).toEqual(['a', 'b']);
  });

  itOnce(
    'B13: each recipient is cleared that succeeded; who failed again stays, with the new cause',
    async () => {
      site.server.logs.splice(0, 1, logLine(0, { recipients: ['a', 'b'] }));
      const id = await site.propose('int-38');
      await approve(id);
      const results = [
        { recipient: 'a', result: 'succeeded', cause: null },
        { recipient: 'b', result: 'failed', cause: 'disk full' },
      ];
      site.server.logs.push(logLine(0.001, { attempt: 2, recipients: ['a', 'b'], results }));
      await run(id);
      const left = (await failedJobs()).map(({ recipient, attempt, cause }) => [recipient, attempt, cause]);
      expect(left).toEqual([['b', 2, 'disk full']]);
      expect(JSON.stringify(await renderRedistribution(site.deps, id))).toContain('*Failed again (1)*  `b`');
      const again = await site.propose('int-38');
      expect((await site.commands(again)).map(({ command }) => command.recipients)).toEqual([['b']]);
    },
  );

  describe('who asks', () => {
    it('B5: for a device is offered that device’s failures alone', async () => {
      site.server.logs.push(logLine(0, { job: 'J2', recipients: ['int-58', 'int-59'] }));
      await bench.receive(alertMail('int-58', start));
      const id = await site.propose('int-58');
      expect(await site.record(id)).toMatchObject({ recipients: ['int-58'], job: null });
      expect((await site.commands(id)).flatMap(({ command }) => command.argv)).toEqual([
        '/bin/push',
        'int-58',
        '/bin/push',
        'int-58',
      ]);
    });

    it('B5: for a job is offered that job’s failures alone', async () => {
      site.server.logs.push(logLine(0, { job: 'J2' }));
      await bench.receive(alertMail('int-58', start), alertMail('int-58', start, { Job: 'J2' }));
      const id = await site.propose('job J2 since yesterday');
      expect((await site.commands(id)).map(({ command }) => command.job)).toEqual(['J2']);
      expect((await site.ask('job J9')).answer).toContain('No failed distribution of a job `J9`');
    });

    itOnce('is answered in the server’s own channel', async () => {
      const other = prepareRedistributions(bench, [{ ...int38, channel: 'maint-south' }]);
      const { id, answer } = await other.ask('int-38');
      expect(answer).toContain('for the channel `maint-south`');
      expect(await other.record(id)).toMatchObject({ channel: 'maint-south' });
    });

    itOnce('twice at the same time gets one redistribution', async () => {
      const answers = await Promise.all([site.ask('int-38'), site.ask('int-38')]);
      expect(answers.filter(({ answer }) => answer.includes('already'))).toHaveLength(1);
    });
  });

  describe('B3: the period', () => {
    const repair = async () => {
      await bench.receive(alertMail('int-58', start), alertMail('int-58', start), alertMail('int-58', start));
      await bench.work();
      const repairedAt = new Date(start.getTime() + hourMs);
      await site.deps.store.transaction((tx) => tx.changeTicket(1, { state: 'repaired', repairedAt }));
      bench.pass(2 * hourMs);
    };

    it.each(['int-38', 'int-58', 'job J1'])(
      'of %s is the down time of its repaired ticket',
      async (target) => {
        await repair();
        site.server.logs.push(logLine(1.5, { job: 'J2' }));
        const id = await site.propose(target);
        expect(await site.record(id)).toMatchObject({
          period: {
            from: start,
            text: '2026-11-23 12:00 to 2026-11-23 13:00 (UTC), the down time of ticket 1',
          },
        });
        expect((await site.commands(id)).map(({ command }) => command.job)).toEqual(['J1']);
        await bench.work();
        expect(JSON.stringify(bench.workspace.messages('maint-eu'))).toContain('the down time of ticket 1');
      },
    );

    itOnce('is what somebody types, in their own time zone, also where a ticket is repaired', async () => {
      await repair();
      const chat = { ...bench.deps.chat, timeZoneOf: async () => 'Asia/Tokyo' };
      const abroad = prepareRedistributions({ ...bench, deps: { ...bench.deps, chat } });
      abroad.server.logs.push(logLine(0), logLine(1.5, { job: 'J2' }));
      const id = await abroad.propose('int-38 since yesterday');
      expect(await abroad.record(id)).toMatchObject({
        period: {
          from: new Date('2026-11-21T15:00:00Z'),
          text: expect.stringMatching(/^2026-11-22 00:00 to 2026-11-23 23:00 \(Asia\/Tokyo\)/),
        },
      });
      expect(await abroad.commands(id)).toHaveLength(2);
    });

    itOnce('since the last servicing begins where that ended', async () => {
      const first = await site.propose();
      await approve(first);
      site.server.logs.push(logLine(0.001, { attempt: 2, ...succeeded }));
      await run(first);
      const { requestedAt } = await site.record(first);
      bench.pass(30 * 24 * hourMs);
      const second = await site.propose('int-38 since the last servicing');
      expect(await site.record(second)).toMatchObject({
        state: 'empty',
        period: { from: requestedAt, text: expect.stringContaining('since the last servicing') },
      });
    });
  });

  itOnce(
    'B14: is talked about in the channel of its region, unless the server has one of its own',
    async () => {
      const { id } = await site.ask('int-38');
      expect(await site.record(id)).toMatchObject({ channel: 'maint-eu' });
    },
  );

  itOnce('B6: what a newer version has overtaken is shown as superseded, and not run again', async () => {
    const old = { job: 'J2', packages: ['agent-1.9.0'] };
    site.server.logs.push(logLine(0, old), logLine(0.0001, { ...succeeded, packages: ['agent-1.10.0'] }));
    await bench.receive(alertMail('int-58', start, { Job: 'J2', Package: 'agent-1.9.0' }));
    const id = await site.propose();
    expect((await site.commands(id)).map(({ command }) => command.job)).toEqual(['J1']);
    expect((await site.record(id)).superseded).toMatchObject([
      { failure: { job: 'J2' }, reason: expect.stringContaining('the newer agent-1.10.0 was delivered') },
    ]);
    expect((await failedJobs()).map(({ job }) => job)).toEqual(['J1']);
    await bench.work();
    expect(JSON.stringify(bench.workspace.messages('maint-eu'))).toContain('*Superseded*: 1 failure');
  });

  itOnce('B6: who knows of a failure is kept, and of which no alert told is shown', async () => {
    await bench.receive(alertMail('int-58', start));
    site.server.logs.push(logLine(0, { job: 'J2' }));
    const id = await site.propose();
    await site.propose();
    expect((await failedJobs()).map(({ job, knownFrom }) => [job, knownFrom])).toEqual([
      ['J1', 'both'],
      ['J2', 'log'],
    ]);
    expect((await site.commands(id)).map(({ command }) => command.untold)).toEqual([undefined, ['int-58']]);
  });

  itOnce('B6: mail that names a run otherwise than its log is about it all the same', async () => {
    await bench.receive(alertMail('int-58', start));
    site.server.logs.splice(0, 1, logLine(0, { job: 'nightly.yml', packages: ['geo-db'] }));
    const id = await site.propose('job J1');
    expect(await site.record(id)).toMatchObject({ state: 'proposed', unmatched: [] });
    expect((await site.commands(id)).map(({ command }) => command.job)).toEqual(['nightly.yml']);
    expect(await failedJobs()).toMatchObject([{ job: 'nightly.yml', toldAs: 'J1', knownFrom: 'both' }]);
  });

  itOnce('B6: a record dated in the future hides nothing, and is told', async () => {
    site.server.logs.push(logLine(24 * 365, { attempt: 9, ...succeeded }));
    const id = await site.propose();
    expect(await site.record(id)).toMatchObject({
      state: 'proposed',
      unread: [expect.stringMatching(/^1 record is dated in the future.*x\.jsonl:2\b/)],
    });
  });

  itOnce('B6: a record dated in the future never counts as nothing to redistribute', async () => {
    site.server.logs.splice(0, Infinity, logLine(24 * 365));
    const id = await site.propose();
    expect(await site.record(id)).toMatchObject({
      state: 'failed',
      note: 'Whether anything failed is not known.',
      unread: [expect.stringMatching(/^1 record is dated in the future.*Look at the clock of int-38/)],
    });
    const servicedUntil = await site.deps.store.transaction((tx) => tx.servicedUntil('int-38'));
    expect(servicedUntil).toBeNull();
  });

  it('B13: a gather that finds nothing left resolves the repaired tickets too', async () => {
    await bench.receive(alertMail('int-58', start), alertMail('int-58', start), alertMail('int-58', start));
    await bench.work();
    await site.deps.store.transaction((tx) => tx.changeTicket(1, { state: 'repaired', repairedAt: start }));
    site.server.logs.push(logLine(0.0002, { attempt: 2, ...succeeded }));
    const id = await site.propose();
    expect(await site.record(id)).toMatchObject({ state: 'empty' });
    expect(await site.deps.store.transaction((tx) => tx.ticket(1))).toMatchObject({ state: 'resolved' });
  });

  itOnce('shows approvers the patterns by which the log was read', async () => {
    site.server.logs.push(
      logLine(0, { job: 'J2', flags: ['--server', 'dist-01', '--failed-pattern', '^(x): no'] }),
    );
    const [, command] = await site.commands(await site.propose());
    expect(command?.command.recorderFlags).toEqual(['--failed-pattern', '^(x): no']);
    expect(await rejectRedistribution(site.deps, { id: 'gone', person: ben }, 'no')).toContain('not known');
  });
});
