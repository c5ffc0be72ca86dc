import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FailedJob, JobRecord } from '../../src/domain/redistribution.ts';
import { compilePackagePatterns, shippedPackagePatterns } from '../../src/redistribution/package-version.ts';
import { selectFailedJobs } from '../../src/redistribution/select.ts';
import { makeAlert, makeRecord } from './records.ts';

const period = { from: new Date('2026-11-20T00:00:00Z'), until: new Date('2026-11-21T00:00:00Z') };
const now = new Date('2026-11-22T00:00:00Z');
const readVersion = compilePackagePatterns(shippedPackagePatterns);
const select = (records: readonly JobRecord[], known: readonly FailedJob[], within = period, at = now) =>
  selectFailedJobs({ records, known, readVersion }, within, at);
const at = (time: string) => new Date(`2026-11-20T${time}Z`);
const second = { attempt: 2, startedAt: at('12:00:00'), endedAt: at('12:05:00') };

describe('what failed and is not cleared', () => {
  it('joins what the alert and the log say about one failure', () => {
    const { failed, reruns } = select([makeRecord({ a: 'failed', b: 'succeeded' })], [makeAlert('a')]);
    expect(failed).toMatchObject([{ recipient: 'a', knownFrom: 'both', cause: 'Connection refused' }]);
    expect(reruns).toMatchObject([{ recipients: ['a'] }]);
  });

  it('knows from the log alone', () => {
    expect(select([makeRecord({ a: 'failed' })], []).failed).toMatchObject([{ knownFrom: 'log' }]);
  });

  it('counts a missing result as a failure', () => {
    const record = makeRecord({ a: 'unknown' }, { endedAt: null, exitCode: null });
    const { failed } = select([record], []);
    expect(failed).toMatchObject([{ cause: 'no result recorded', failedAt: record.startedAt }]);
  });

  it('lets a later success clear, in the log and in the alerts', () => {
    const records = [makeRecord({ a: 'succeeded' }, second), makeRecord({ a: 'failed', b: 'failed' })];
    const { failed, superseded, reruns } = select(records, [makeAlert('a'), makeAlert('b')]);
    expect(failed.map(({ recipient }) => recipient)).toEqual(['b']);
    expect(superseded).toMatchObject([
      { failure: { recipient: 'a' }, reason: expect.stringContaining('attempt 2 succeeded') },
    ]);
    expect(reruns.map(({ record, recipients }) => [record.attempt, recipients])).toEqual([[1, ['b']]]);
  });

  it('lets a later failure count after a success, as that attempt', () => {
    const records = [makeRecord({ a: 'succeeded' }), makeRecord({ a: 'failed' }, second)];
    expect(select(records, [makeAlert('a')]).failed).toMatchObject([
      { attempt: 2, failedAt: at('12:05:00') },
    ]);
  });

  it('keeps an alert without a record, and says why nothing can be rebuilt', () => {
    const { failed, withoutRecord, reruns } = select([], [makeAlert('a')]);
    expect(failed).toMatchObject([{ recipient: 'a', knownFrom: 'alert' }]);
    expect(withoutRecord).toMatchObject([{ reason: expect.stringContaining('no record of this job for a') }]);
    expect(reruns).toEqual([]);
  });

  it('does not let an older success hide a newer alert', () => {
    const alert = makeAlert('a', { failedAt: at('18:00:00') });
    const { failed, withoutRecord } = select([makeRecord({ a: 'succeeded' })], [alert]);
    expect(failed).toEqual([alert]);
    expect(withoutRecord).toMatchObject([{ reason: expect.stringContaining('older than this alert') }]);
  });

  it('lets the later word count, whichever attempt it is: a nightly job begins with attempt 1 again', () => {
    const tonight = { startedAt: at('22:00:00'), endedAt: at('22:05:00') };
    const records = [makeRecord({ a: 'succeeded' }, second), makeRecord({ a: 'failed' }, tonight)];
    const alert = makeAlert('a', { attempt: 1, failedAt: at('22:05:00') });
    const { failed, reruns } = select(records, [alert]);
    expect(failed).toMatchObject([{ attempt: 1, knownFrom: 'both' }]);
    expect(reruns).toHaveLength(1);
    const early = records.slice(0, 1);
    expect(select(early, [alert]).withoutRecord).toHaveLength(1);
    const lateMail = makeAlert('a', { failedAt: at('12:06:00') });
    const again = [makeRecord({ a: 'failed' }, second)];
    expect(select(again, [lateMail]).withoutRecord).toEqual([]);
  });

  it('keeps servers, packages and jobs apart', () => {
    const records = [
      makeRecord({ a: 'failed' }, { packages: ['x', 'y'] }),
      makeRecord({ a: 'succeeded' }, { ...second, packages: ['x'] }),
    ];
    const known = [makeAlert('a', { server: 'int-38', package: 'y' })];
    expect(select(records, known).failed.map(({ server, package: name }) => [server, name])).toEqual([
      ['int-38', 'y'],
      ['int-58', 'y'],
    ]);
  });

  it('takes those of the period, oldest first', () => {
    const records = [
      makeRecord({ a: 'failed' }, { job: 'late', ...second }),
      makeRecord({ a: 'failed' }, { job: 'early' }),
      makeRecord({ a: 'failed' }, { job: 'before', endedAt: new Date('2026-11-19T23:59:59Z') }),
      makeRecord({ a: 'failed' }, { job: 'after', startedAt: period.until, endedAt: period.until }),
    ];
    expect(select(records, []).failed.map(({ job }) => job)).toEqual(['early', 'late']);
  });

  it('takes a run that crosses midnight with either day', () => {
    const startedAt = new Date('2026-11-20T23:50:00Z');
    const record = makeRecord({ a: 'failed' }, { startedAt, endedAt: new Date('2026-11-21T00:10:00Z') });
    const next = { from: period.until, until: now };
    const before = { from: new Date('2026-11-19T00:00:00Z'), until: period.from };
    const failed = [period, next, before].map((within) => select([record], [], within).failed.length);
    expect(failed).toEqual([1, 1, 0]);
  });

  it('B6: says of whom no alert told, also when it has looked before', () => {
    const record = makeRecord({ a: 'failed', b: 'failed' });
    const first = select([record], [makeAlert('a')]);
    expect(first.reruns).toMatchObject([{ recipients: ['a', 'b'], untold: ['b'] }]);
    expect(select([record], first.failed).failed.map(({ knownFrom }) => knownFrom)).toEqual(['both', 'log']);
    const lastNight = makeAlert('b', { failedAt: new Date('2026-11-19T10:05:00Z') });
    expect(select([record], [lastNight]).failed[1]).toMatchObject({ recipient: 'b', knownFrom: 'log' });
  });

  it('B6: a record dated in the future hides nothing, and is named', () => {
    const future = { startedAt: new Date('2036-01-01T00:00:00Z'), endedAt: new Date('2036-01-01T00:01:00Z') };
    const records = [makeRecord({ a: 'failed' }), makeRecord({ a: 'succeeded' }, { ...future, attempt: 2 })];
    const { failed, ahead } = select(records, []);
    expect(failed).toMatchObject([{ recipient: 'a', attempt: 1 }]);
    expect(ahead).toEqual([records[1]]);
  });

  it('takes what a clock a little ahead of ours says as of now', () => {
    const soon = { startedAt: at('10:00:00'), endedAt: at('10:02:00') };
    const until = { from: period.from, until: at('10:00:00') };
    expect(select([makeRecord({ a: 'failed' }, soon)], [], until, until.until).failed).toHaveLength(1);
  });
});

describe('B6: a newer version that has been delivered already', () => {
  const older = { packages: ['agent-1.9.0'] };
  const newer = { packages: ['agent-1.10.0'], job: 'other', ...second };

  it('makes the older job superseded, with its reason', () => {
    const records = [makeRecord({ a: 'failed', b: 'failed' }, older), makeRecord({ a: 'succeeded' }, newer)];
    const { failed, superseded, reruns } = select(records, []);
    expect(failed.map(({ recipient }) => recipient)).toEqual(['b']);
    expect(reruns).toMatchObject([{ recipients: ['b'] }]);
    expect(superseded).toMatchObject([
      {
        failure: { recipient: 'a', package: 'agent-1.9.0' },
        reason: expect.stringMatching(
          /^the newer agent-1\.10\.0 was delivered at 2026-11-20T12:05.* by job other/,
        ),
      },
    ]);
  });

  it.each([
    ['an older version', { ...newer, packages: ['agent-1.8.0'] }],
    ['the same version, by another job', { ...newer, packages: ['agent-1.9.0'] }],
    ['another package', { ...newer, packages: ['agent-eu-1.10.0'] }],
    ['one for another architecture', { ...newer, packages: ['agent_1.10.0_arm64'] }],
    ['one that failed', newer, 'failed' as const],
    [
      'one before somebody went back to the older version',
      { ...newer, startedAt: at('08:00:00'), endedAt: at('09:00:00') },
    ],
  ])('not %s', (_what, change, result: 'succeeded' | 'failed' = 'succeeded') => {
    const records = [makeRecord({ a: 'failed' }, older), makeRecord({ a: result }, change)];
    expect(select(records, []).failed.some(({ job }) => job === 'nightly')).toBe(true);
  });

  it('counts from the first attempt on: a retry that fails later wants nothing older', () => {
    const retry = { ...older, attempt: 2, startedAt: at('14:00:00'), endedAt: at('14:05:00') };
    const records = [
      makeRecord({ a: 'failed' }, older),
      makeRecord({ a: 'succeeded' }, newer),
      makeRecord({ a: 'failed' }, retry),
    ];
    expect(select(records, [])).toMatchObject({ failed: [], superseded: [{ failure: { attempt: 2 } }] });
  });

  it('counts for what an alert alone told', () => {
    const alert = makeAlert('a', { package: 'agent-1.9.0' });
    const records = [makeRecord({ a: 'succeeded' }, newer)];
    expect(select(records, [alert])).toMatchObject({ failed: [], superseded: [{ failure: alert }] });
  });

  it('is told where the command brings the older one together with what is still missing', () => {
    const both = makeRecord({ a: 'failed', b: 'failed' }, { packages: ['agent-1.9.0', 'geo-2.0'] });
    const { reruns } = select([both, makeRecord({ a: 'succeeded' }, newer)], []);
    expect(reruns).toMatchObject([
      { recipients: ['a', 'b'], outdated: [{ failure: { recipient: 'a', package: 'agent-1.9.0' } }] },
    ]);
  });
});

describe('whatever the order', () => {
  const time = fc
    .integer({ min: 0, max: 12 })
    .map((hour) => new Date(period.from.getTime() + hour * 3_600_000));
  const name = fc.constantFrom('a', 'b', 'c');
  const packageName = fc.constantFrom('agent-1.9.0', 'agent-1.10.0', 'geo');
  const result = fc.constantFrom('succeeded' as const, 'failed' as const, 'unknown' as const);
  const record = fc
    .record({
      results: fc.dictionary(name, result, { minKeys: 1 }),
      startedAt: time,
      attempt: fc.integer({ min: 1, max: 2 }),
      job: fc.constantFrom('nightly', 'other'),
      packages: fc.uniqueArray(packageName, { minLength: 1 }),
      line: fc.nat(),
    })
    .map(({ results, line, ...rest }) =>
      makeRecord(results, {
        ...rest,
        endedAt: rest.startedAt,
        provenance: { file: 'f', line, offset: line, lines: 1, digest: 'd' },
      }),
    );
  const alert = fc
    .record({
      recipient: name,
      failedAt: time,
      package: packageName,
      attempt: fc.integer({ min: 1, max: 2 }),
    })
    .map(({ recipient, ...rest }) => makeAlert(recipient, rest));

  it('of alerts and records, the same failed jobs come out, each of them once', () => {
    const evidence = fc.record({
      records: fc.uniqueArray(record, { maxLength: 8, selector: ({ provenance }) => provenance.line }),
      known: fc.array(alert, { maxLength: 6 }),
    });
    const shuffled = evidence.chain(({ records, known }) =>
      fc.tuple(
        fc.constant({ records, known }),
        fc.shuffledSubarray(records, { minLength: records.length }),
        fc.shuffledSubarray(known, { minLength: known.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([{ records, known }, otherRecords, otherKnown]) => {
        const one = select(records, known);
        expect(select(otherRecords, otherKnown)).toEqual(one);
        const keys = [...one.failed, ...one.superseded.map(({ failure }) => failure)].map((failure) =>
          JSON.stringify([failure.job, failure.recipient, failure.package]),
        );
        expect(new Set(keys).size).toBe(keys.length);
        const told = one.reruns.flatMap(({ recipients }) => recipients).length + one.withoutRecord.length;
        expect(told > 0).toBe(one.failed.length > 0);
      }),
    );
  });
});
