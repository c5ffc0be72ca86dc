import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FailedJob, JobRecord } from '../../src/domain/redistribution.ts';
import { joinAlerts } from '../../src/redistribution/join-alerts.ts';
import { makeAlert, makeRecord } from './records.ts';

const at = (time: string) => new Date(`2026-11-20T${time}:00Z`);
/** As cron's mail names a run of ansible-playbook. */
const cronAlert = (change: Partial<FailedJob> = {}) =>
  makeAlert('client-012', { job: 'ansible-playbook nightly.yml', package: '', ...change });
const run = (change: Partial<JobRecord> = {}) =>
  makeRecord({ 'client-011': 'succeeded', 'client-012': 'failed' }, change);

describe('B6: an alert that names its run otherwise than the log does', () => {
  const other = run({ job: 'hourly', packages: ['fonts'] });
  const elsewhere = makeRecord({ 'client-013': 'failed' }, { job: 'hourly' });
  test.each<[string, FailedJob, readonly JobRecord[], string | null]>([
    ['is about the run that failed for its recipient at the time', cronAlert(), [run()], 'nightly'],
    ['also when its mail took its time', cronAlert({ failedAt: at('10:19') }), [run()], 'nightly'],
    ['but not about one that had long ended', cronAlert({ failedAt: at('10:21') }), [run()], null],
    ['nor about one that began later', cronAlert({ failedAt: at('09:54') }), [run()], null],
    ['nor about one that succeeded for it', cronAlert({ recipient: 'client-011' }), [run()], null],
    ['nor about one of another server', cronAlert({ server: 'int-59' }), [run()], null],
    ['nor about one for others', cronAlert({ recipient: 'client-013' }), [run()], null],
    ['of two runs nothing tells which', cronAlert(), [run(), other], null],
    ['but the job does', cronAlert({ job: 'hourly' }), [run(), other], 'hourly'],
    ['or the package', cronAlert({ package: 'geo-db' }), [run(), other], 'nightly'],
    ['nor about one of another package', cronAlert({ package: 'fonts' }), [run()], null],
    [
      'but about one whose log names no package',
      cronAlert({ package: 'fonts' }),
      [run({ packages: [''] })],
      'nightly',
    ],
    [
      'nor about another job than its own, which the logs know',
      cronAlert({ job: 'hourly' }),
      [run(), elsewhere],
      null,
    ],
    ['nor about that by package', cronAlert({ job: 'hourly', package: 'geo-db' }), [run(), elsewhere], null],
  ])('%s', (_case, alert, records, job) => {
    const { known, renamed } = joinAlerts([alert], records);
    expect(known.map((one) => [one.job, one.toldAs])).toEqual(
      job === null ? [[alert.job, undefined]] : [[job, alert.job]],
    );
    expect(renamed).toEqual(job === null ? [] : [alert]);
  });

  test('stands for each package of the run', () => {
    const { known } = joinAlerts([cronAlert()], [run({ packages: ['geo-db', 'fonts'], attempt: 2 })]);
    expect(known.map(({ package: name, attempt }) => [name, attempt])).toEqual([
      ['geo-db', 2],
      ['fonts', 2],
    ]);
  });

  test('stays as it is where a record knows it by its names, whatever became of that', () => {
    const alert = makeAlert('client-012');
    const records = [
      run({ packages: ['geo-db'], recipients: [{ name: 'client-012', result: 'succeeded', cause: null }] }),
      run({ job: 'hourly' }),
    ];
    expect(joinAlerts([alert], records)).toEqual({ known: [alert], renamed: [] });
  });

  test('nothing gets lost, and the order of the records makes no difference', () => {
    const alerts = fc.array(
      fc.record({
        job: fc.constantFrom('nightly', 'hourly', 'cron'),
        recipient: fc.constantFrom('client-011', 'client-012'),
        package: fc.constantFrom('', 'geo-db', 'fonts'),
        minute: fc.integer({ min: 0, max: 59 }),
      }),
      { maxLength: 6 },
    );
    const records = fc.array(
      fc.record({ job: fc.constantFrom('nightly', 'hourly'), minute: fc.integer({ min: 0, max: 50 }) }),
      { maxLength: 4 },
    );
    const minuteOf = (minute: number) => at(`10:${String(minute).padStart(2, '0')}`);
    fc.assert(
      fc.property(alerts, records, (told, runs) => {
        const known = told.map(({ minute, ...one }) => cronAlert({ ...one, failedAt: minuteOf(minute) }));
        const logged = runs.map(({ job, minute }) =>
          run({ job, startedAt: minuteOf(minute), endedAt: minuteOf(minute + 5) }),
        );
        const joined = joinAlerts(known, logged);
        expect(joined).toEqual(joinAlerts(known, logged.toReversed()));
        const left = joined.known.filter((one) => one.toldAs === undefined);
        expect([...left, ...joined.renamed]).toHaveLength(known.length);
      }),
    );
  });
});
