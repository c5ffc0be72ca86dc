import { describe, expect, it } from 'vitest';
import type { FailedJob, JobRecord } from '../../src/domain/redistribution.ts';
import { type ClockSpan, rightClock } from '../../src/domain/server-clock.ts';
import { selectFailedJobs } from '../../src/redistribution/select.ts';
import { makeAlert, makeRecord } from './records.ts';

const at = (time: string) => new Date(`2026-11-20T${time}:00Z`);
const hourMs = 3_600_000;
const period = { from: at('11:00'), until: at('13:00') };
const now = at('13:00');
const ahead = { ...rightClock, aheadMs: 2 * hourMs };
const behind = { ...rightClock, behindMs: 2 * hourMs };
const moved = { aheadMs: 2 * hourMs, behindMs: 0, movedMs: 2 * hourMs };

const select = (records: readonly JobRecord[], clock: ClockSpan, known: readonly FailedJob[] = []) =>
  selectFailedJobs({ records, known, readVersion: () => null, clock }, period, now);
const run = (time: string, result: 'failed' | 'succeeded', change: Partial<JobRecord> = {}) =>
  makeRecord({ a: result }, { startedAt: at(time), endedAt: at(time), ...change });
const placed = (offset: number, file = '/var/log/restage/2026-11-20.jsonl') => ({
  provenance: { file, line: null, offset, lines: 1, digest: '' },
});

describe('failures by a clock that is off', () => {
  it('are found although they are dated into the future, and the rest is no longer ahead', () => {
    const failed = run('14:30', 'failed');
    expect(select([failed], ahead)).toMatchObject({ failed: [{ recipient: 'a' }], ahead: [], atEdge: [] });
    expect(select([failed], rightClock)).toMatchObject({ failed: [], ahead: [failed] });
    expect(select([run('15:10', 'failed')], ahead)).toMatchObject({ failed: [], ahead: [{}] });
  });

  it('are taken in and marked within the offset of an edge', () => {
    expect(select([run('12:30', 'failed')], ahead)).toMatchObject({ failed: [{}], atEdge: [{}] });
    expect(select([run('09:30', 'failed')], behind)).toMatchObject({ failed: [{}], atEdge: [{}] });
    expect(select([run('09:30', 'failed')], rightClock)).toMatchObject({ failed: [], atEdge: [] });
  });

  it('are known from both sides where the alert was dated by our clock', () => {
    expect(
      select([run('14:00', 'failed')], ahead, [makeAlert('a', { failedAt: at('12:02') })]),
    ).toMatchObject({
      failed: [{ knownFrom: 'both' }],
    });
  });
});

describe('a dismissal where the clock is behind', () => {
  it('hides what failed before it, and nothing that may have failed since', () => {
    const { server, job, recipient, package: name, failedAt } = makeAlert('a', { failedAt: at('09:30') });
    const of = { server, job, recipient, package: name, failedAt, by: { teamId: 'T', userId: 'U' } };
    const dismissed = [{ ...of, at: at('12:00'), reason: 'by hand' }];
    const judge = (time: string) =>
      selectFailedJobs(
        { records: [run(time, 'failed')], known: [], dismissed, readVersion: () => null, clock: behind },
        period,
        now,
      ).failed;
    expect(judge('09:30')).toEqual([]);
    expect(judge('10:30')).toHaveLength(1);
  });
});

describe('a success by a clock that is off', () => {
  it('clears what the log says failed before it', () => {
    const records = [run('14:00', 'failed', placed(0)), run('14:30', 'succeeded', placed(100))];
    const known = [makeAlert('a', { failedAt: at('14:00'), knownFrom: 'both' })];
    expect(select(records, ahead)).toMatchObject({ failed: [] });
    expect(select(records, ahead, known)).toMatchObject({ failed: [], superseded: [{}] });
    expect(select(records, ahead, [makeAlert('a', { failedAt: at('12:02') })])).toMatchObject({ failed: [] });
  });

  it('does not clear an alert by our clock that may have come after it', () => {
    const alert = makeAlert('a', { failedAt: at('12:45') });
    const { failed, withoutRecord } = select([run('14:30', 'succeeded')], ahead, [alert]);
    expect(failed).toEqual([alert]);
    expect(withoutRecord).toMatchObject([{ reason: expect.stringMatching(/perhaps before this alert/) }]);
    expect(select([run('14:46', 'succeeded')], ahead, [alert]).failed).toEqual([]);
  });

  it('does not clear a failure that stands later in the same file, whatever the times say', () => {
    const records = [run('12:55', 'succeeded', placed(0)), run('12:00', 'failed', placed(100))];
    const { failed, doubtful, reruns } = select(records, rightClock);
    expect(failed).toMatchObject([{ recipient: 'a', failedAt: at('12:00') }]);
    expect(doubtful).toMatchObject([{ reason: expect.stringContaining('the clock was set back') }]);
    expect(reruns).toMatchObject([{ recipients: ['a'] }]);
  });

  it('does not clear across files by less than the clock was moved, and does within one file', () => {
    const success = run('12:55', 'succeeded', placed(100));
    const other = run('12:00', 'failed', placed(0, '/var/log/other.jsonl'));
    expect(select([success, other], moved).doubtful).toMatchObject([
      { reason: expect.stringContaining('the clock was moved meanwhile') },
    ]);
    expect(select([success, run('12:00', 'failed', placed(0))], moved).failed).toEqual([]);
    expect(
      select([success, run('10:30', 'failed', placed(0, '/var/log/other.jsonl'))], moved).failed,
    ).toEqual([]);
  });

  it('of the hour that came twice clears only what is surely before it', () => {
    const twice = { mayBeLaterMs: hourMs };
    const success = run('12:30', 'succeeded', { ...twice, ...placed(0, '/var/log/a') });
    const failed = run('12:10', 'failed', { ...twice, ...placed(0, '/var/log/b') });
    expect(select([success, failed], rightClock)).toMatchObject({
      failed: [{}],
      doubtful: [{ reason: expect.stringContaining('an hour that came twice') }],
    });
    const before = run('12:10', 'failed', placed(0, '/var/log/b'));
    expect(select([success, before], rightClock).failed).toEqual([]);
  });

  it('of our own ledger has no place in the log that could be held against it', () => {
    const records = [
      run('12:30', 'succeeded', { ...placed(0), attempt: 2, fromLedger: true }),
      run('12:00', 'failed', placed(100)),
    ];
    expect(select(records, rightClock).failed).toEqual([]);
  });
});
