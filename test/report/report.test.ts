import { describe, expect, it } from 'vitest';
import { describeReport } from '../../src/report/describe-report.ts';
import { describeChart, planChart } from '../../src/report/plan-chart.ts';
import { readReportRequest } from '../../src/report/read-request.ts';
import { describeChange } from '../../src/report/wording.ts';
import { counts, noCounts } from './counts.ts';

const minutes = (ms: number) => `${ms / 60_000} min`;

describe('A20: what was asked for', () => {
  it.each([
    ['eu last week', 'eu', 'last week'],
    ['EU', 'eu', 'last week'],
    ['last week', null, 'last week'],
    ['', null, 'last week'],
    ['us-west 2026-11-20..2026-11-22', 'us-west', '2026-11-20..2026-11-22'],
    ['mars yesterday', null, 'mars yesterday'],
    ['new york last week', 'New York', 'last week'],
    ['new', 'New', 'last week'],
    ['newest', null, 'newest'],
  ])('"%s"', (text, region, period) => {
    const words = text.split(' ').filter((word) => word !== '');
    expect(readReportRequest(words, ['eu', 'us-west', 'New', 'New York'])).toEqual({ region, period });
  });
});

describe('A20: compared with the period before', () => {
  it.each([
    [120, 80, '+50 %'],
    [60, 80, '-25 %'],
    [5, 0, 'new'],
    [0, 5, '-100 %'],
    [4, 4, 'same'],
    [0, 0, ''],
  ])('%i after %i is "%s"', (now, before, change) => {
    expect(describeChange({ now, before })).toBe(change);
  });
});

describe('A20: the report in words', () => {
  it('says everything that the tables and the picture show', () => {
    expect(describeReport('Failures in eu', counts, minutes)).toBe(
      'Failures in eu: 120 alerts (80 before, +50 %), 12 tickets opened (9), 11 resolved (9). ' +
        'Time to acknowledge: median 4 min, 90 % within 20 min (12 tickets). ' +
        'Time to repair: median 120 min, 90 % within 500 min (10 tickets). ' +
        'Failures by type: connection 70 (40 before), package 30 (40 before), access 20 (0 before). ' +
        'Failures by server: int-38 90 (60 before), int-12 25 (20 before), not said 5 (0 before). ' +
        'Failures by package: geo-db 100 (70 before), voice-prompts-jp_2026.11.20-1_all.deb 20 (10 before). ' +
        'Failures by building: b3 60 (80 before), Köln 60 (0 before). ' +
        'Top devices: client-60 12 (1 before), client-61 9 (9 before).',
    );
  });

  it('says that nothing happened', () => {
    expect(describeReport('Failures in eu', noCounts, minutes)).toBe(
      'Failures in eu: no alerts and no tickets (3 alerts in the period before).',
    );
  });
});

describe('A20: the chart', () => {
  it('shows types, servers and packages beside the period before, and says the same in words', () => {
    const chart = planChart('Failures in eu', counts);
    expect(chart?.panels.map(({ title }) => title)).toEqual([
      'Failures by type',
      'Failures by server',
      'Failures by package',
    ]);
    expect(chart?.panels[1]?.bars[0]).toEqual({ label: 'int-38', values: [90, 60] });
    expect(chart?.panels[2]?.bars[1]?.label).toBe('voice-prompts-jp_2026.11.20…');
    expect(chart && describeChart(chart)).toContain(
      'Failures by type: connection 70, before 40; package 30, before 40; access 20, before 0.',
    );
  });

  it('cuts long names between characters', () => {
    const name = 'x'.repeat(26) + '\u{1F600}'.repeat(9);
    const chart = planChart('', {
      ...counts,
      groups: { ...counts.groups, package: [{ name, now: 1, before: 0 }] },
    });
    expect(chart?.panels.at(-1)?.bars[0]?.label).toBe(`${'x'.repeat(26)}\u{1F600}…`);
    const words = chart && describeChart({ ...chart, title: '\u{1F600}'.repeat(2_000) });
    expect(words).not.toMatch(/\p{Cs}/u);
  });

  it('is left out where there is nothing to draw', () => {
    expect(planChart('Failures in eu', noCounts)).toBeNull();
  });
});
