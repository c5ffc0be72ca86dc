import { describe, expect, it } from 'vitest';
import { findExcess } from '../../src/domain/command-size.ts';
import { decideCommandState, decideResults, findOwnRecord } from '../../src/redistribution/decide-results.ts';
import { decideStart } from '../../src/redistribution/decide-start.ts';
import { issueArgv } from '../../src/redistribution/recorder.ts';
import { makeRecord } from './records.ts';

const now = new Date('2026-11-20T12:00:00Z');
const minutes = (n: number) => new Date(now.getTime() + n * 60_000);

describe('whether what was approved may start', () => {
  const templates = [{ program: 'push', flags: [], arguments: [], directories: ['/srv'] }];
  const check = {
    command: { argv: ['push'], cwd: '/srv' },
    decidedAt: now,
    expiresAfterMs: 60_000,
    templates,
  };
  it.each([
    ['at once', {}, 0, ''],
    ['in the last moment', {}, 0.99, ''],
    ['too late', {}, 1, 'too old'],
    ['without its server', { templates: null }, 0, 'does not name its server'],
    ['against its templates', { templates: [] }, 0, 'not an allowed program on this server any more'],
  ])('%s', (_name, change, after, reason) => {
    const decision = decideStart({ ...check, ...change }, minutes(after));
    expect(decision.mayStart).toBe(reason === '');
    expect(decision.mayStart ? '' : decision.reason).toContain(reason);
  });
});

describe('what became of the recipients', () => {
  const both = { recipients: ['a', 'b'] };
  const one = { recipients: ['a'] };
  const patterned = { ...one, recorderFlags: ['--failed-pattern', 'x'] };
  const good = { outcome: 'exited', exitCode: 0 } as const;
  const bad = { outcome: 'exited', exitCode: 5 } as const;
  const gone = { outcome: 'unknown', reason: 'gone' } as const;
  const none = { recorder: false } as const;
  const unread = { recorder: true, record: null } as const;
  const read = { recorder: true, record: makeRecord({ a: 'succeeded', b: 'failed' }) } as const;
  it.each([
    ['the exit code, where nothing else is', both, good, none, 'succeeded succeeded', 'succeeded'],
    ['another exit code', both, bad, none, 'failed failed', 'failed'],
    ['the log, whatever the exit code', both, good, read, 'succeeded failed', 'failed'],
    ['the log, where the end is not known', both, gone, read, 'succeeded failed', 'unknown'],
    ['nothing for several without the log', both, good, unread, 'unknown unknown', 'unknown'],
    ['nothing by patterns without the log', patterned, good, unread, 'unknown', 'unknown'],
    ['the exit code for one', one, good, unread, 'succeeded', 'succeeded'],
    ['an exit code that is not 0', both, bad, unread, 'failed failed', 'failed'],
    ['nothing, where the end is not known', both, gone, none, 'unknown unknown', 'unknown'],
  ] as const)('%s', (_name, command, outcome, testimony, results, state) => {
    const found = decideResults(command, outcome, testimony);
    expect(found.map(({ result }) => result).join(' ')).toBe(results);
    expect(decideCommandState(outcome, found)).toBe(state);
  });

  it('is told by the newest record of that attempt that is not from before the start', () => {
    const at = (n: number, attempt = 2) => makeRecord({ a: 'failed' }, { attempt, startedAt: minutes(n) });
    const find = (...records: ReturnType<typeof at>[]) =>
      findOwnRecord({ job: 'nightly', attempt: 2 }, now, records)?.startedAt ?? null;
    expect(find(at(-720), at(1), at(0.5), at(5, 1))).toEqual(minutes(1));
    expect(find(at(-1))).toEqual(minutes(-1));
    expect(find(at(-3))).toBeNull();
  });
});

it('long lists of recipients are given to the recorder in parts', () => {
  const recipients = Array.from({ length: 1_200 }, (_, n) => `${'x'.repeat(190)}-${n}`);
  const command = { job: 'j', attempt: 2, packages: ['p'], recipients, argv: ['push'] };
  const issued = issueArgv(command, '/bin/restage-record');
  expect(issued.filter((argument) => argument === '--recipients')).toHaveLength(3);
  expect(findExcess(issued)).toBeNull();
  expect(findExcess(['push', 'x'.repeat(131_072)])).toContain('argument 1 is too long');
  expect(findExcess(['push', ...recipients, ...recipients, ...recipients])).toContain(
    'the command is too long',
  );
});
