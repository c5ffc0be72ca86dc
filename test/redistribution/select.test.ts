import { describe, expect, it } from 'vitest';
import { selectFailedJobs } from '../../src/redistribution/select.ts';
import { makeAlert, makeRecord } from './records.ts';

const period = { from: new Date('2026-11-20T00:00:00Z'), until: new Date('2026-11-21T00:00:00Z') };
const at = (time: string) => new Date(`2026-11-20T${time}Z`);
const second = { attempt: 2, startedAt: at('12:00:00'), endedAt: at('12:05:00') };

describe('what failed and is not cleared', () => {
  it('joins what the alert and the log say about one failure', () => {
    const { failed, reruns } = selectFailedJobs(
      [makeRecord({ a: 'failed', b: 'succeeded' })],
      [makeAlert('a')],
      period,
    );
    expect(failed).toMatchObject([{ recipient: 'a', knownFrom: 'both', cause: 'Connection refused' }]);
    expect(reruns).toMatchObject([{ recipients: ['a'] }]);
  });

  it('knows from the log alone', () => {
    expect(selectFailedJobs([makeRecord({ a: 'failed' })], [], period).failed).toMatchObject([
      { knownFrom: 'log' },
    ]);
  });

  it('counts a missing result as a failure', () => {
    const record = makeRecord({ a: 'unknown' }, { endedAt: null, exitCode: null });
    const { failed } = selectFailedJobs([record], [], period);
    expect(failed).toMatchObject([{ cause: 'no result recorded', failedAt: record.startedAt }]);
  });

  it('lets a later success clear, in the log and in the alerts', () => {
    const records = [makeRecord({ a: 'succeeded' }, second), makeRecord({ a: 'failed', b: 'failed' })];
    const { failed, superseded, reruns } = selectFailedJobs(
      records,
      [makeAlert('a'), makeAlert('b')],
      period,
    );
    expect(failed.map(({ recipient }) => recipient)).toEqual(['b']);
    expect(superseded).toMatchObject([
      { failure: { recipient: 'a' }, reason: expect.stringContaining('attempt 2 succeeded') },
    ]);
    expect(reruns.map(({ record, recipients }) => [record.attempt, recipients])).toEqual([[1, ['b']]]);
  });

  it('lets a later failure count after a success, as that attempt', () => {
    const records = [makeRecord({ a: 'succeeded' }), makeRecord({ a: 'failed' }, second)];
    expect(selectFailedJobs(records, [makeAlert('a')], period).failed).toMatchObject([
      { attempt: 2, failedAt: at('12:05:00') },
    ]);
  });

  it('keeps an alert without a record, and says why nothing can be rebuilt', () => {
    const { failed, withoutRecord, reruns } = selectFailedJobs([], [makeAlert('a')], period);
    expect(failed).toMatchObject([{ recipient: 'a', knownFrom: 'alert' }]);
    expect(withoutRecord).toMatchObject([{ reason: expect.stringContaining('no record of this job for a') }]);
    expect(reruns).toEqual([]);
  });

  it('does not let an older success hide a newer alert', () => {
    const alert = makeAlert('a', { failedAt: at('18:00:00') });
    const { failed, withoutRecord } = selectFailedJobs([makeRecord({ a: 'succeeded' })], [alert], period);
    expect(failed).toEqual([alert]);
    expect(withoutRecord).toMatchObject([{ reason: expect.stringContaining('older than this alert') }]);
  });

  it('lets the later word count, whichever attempt it is: a nightly job begins with attempt 1 again', () => {
    const tonight = { startedAt: at('22:00:00'), endedAt: at('22:05:00') };
    const records = [makeRecord({ a: 'succeeded' }, second), makeRecord({ a: 'failed' }, tonight)];
    const alert = makeAlert('a', { attempt: 1, failedAt: at('22:05:00') });
    const { failed, reruns } = selectFailedJobs(records, [alert], period);
    expect(failed).toMatchObject([{ attempt: 1, knownFrom: 'both' }]);
    expect(reruns).toHaveLength(1);
    const early = records.slice(0, 1);
    expect(selectFailedJobs(early, [alert], period).withoutRecord).toHaveLength(1);
    const lateMail = makeAlert('a', { failedAt: at('12:06:00') });
    const again = [makeRecord({ a: 'failed' }, second)];
    expect(selectFailedJobs(again, [lateMail], period).withoutRecord).toEqual([]);
  });

  it('keeps servers, packages and jobs apart', () => {
    const records = [
      makeRecord({ a: 'failed' }, { packages: ['x', 'y'] }),
      makeRecord({ a: 'succeeded' }, { ...second, packages: ['x'] }),
    ];
    const known = [makeAlert('a', { server: 'int-38', package: 'y' })];
    expect(
      selectFailedJobs(records, known, period).failed.map(({ server, package: name }) => [server, name]),
    ).toEqual([
      ['int-38', 'y'],
      ['int-58', 'y'],
    ]);
  });

  it('takes those of the period, oldest first', () => {
    const records = [
      makeRecord({ a: 'failed' }, { job: 'late', ...second }),
      makeRecord({ a: 'failed' }, { job: 'early' }),
      makeRecord({ a: 'failed' }, { job: 'before', endedAt: new Date('2026-11-19T23:59:59Z') }),
      makeRecord({ a: 'failed' }, { job: 'after', endedAt: period.until }),
    ];
    expect(selectFailedJobs(records, [], period).failed.map(({ job }) => job)).toEqual(['early', 'late']);
  });
});
