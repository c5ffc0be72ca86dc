import { expect, test } from 'vitest';
import { checkBlocks } from '../../src/demo/workspace/block-kit/check-blocks.ts';
import { outageForm } from '../../src/messages/outage-form.ts';
import { renderOutageNote } from '../../src/messages/outage-note.ts';
import type { OutageView } from '../../src/messages/outages.ts';
import { renderOutages } from '../../src/messages/outages.ts';
import { renderSourceNotice } from '../../src/messages/source-notice.ts';
import { readText, slackComplaints } from './reading.ts';

const hostile = '<!channel> `x` *b*\n'.repeat(300);
const view = (id: number, change: Partial<OutageView> = {}): OutageView => ({
  id,
  target: `server:int-${id}`,
  from: new Date('2026-11-23T12:00:00Z'),
  until: new Date('2026-11-23T14:00:00Z'),
  reason: 'disk swap',
  source: null,
  createdBy: 'T0/U0ANA',
  voided: null,
  ...change,
});
const many = Array.from({ length: 60 }, (_, id) =>
  view(id, { target: hostile, reason: hostile, source: hostile }),
);
const broken = { name: hostile, fault: hostile, since: new Date('2026-11-23T12:00:00Z') };

test('A10: the list says what is out, since when, by whom, and what was taken out of the totals', () => {
  const voided = { alerts: 12, devices: 3, waiting: 12 };
  const current = [view(1, { voided }), view(2, { source: 'plan.ics' })];
  const text = readText(renderOutages({ current, coming: [], over: [], broken: [] }, 'Europe/Berlin'));
  expect(text).toContain('`server:int-1`');
  expect(text).toContain('2026-11-23 13:00 CET');
  expect(text).toContain('(<@U0ANA>)');
  expect(text).toContain('12 alerts of 3 devices taken out of the totals, looked at again at its end');
  expect(text).toContain('(`plan.ics`)');
});

test('A10: many outages and hostile texts are still a message that Slack takes, and ring nobody', () => {
  const overview = {
    current: many,
    coming: many,
    over: many,
    broken: Array.from({ length: 9 }, () => broken),
  };
  const message = renderOutages(overview, 'UTC');
  expect(slackComplaints(message)).toEqual([]);
  expect(JSON.stringify(message)).not.toContain('<!channel>');
});

test('A10: of many outages the first are shown, and how many more there are', () => {
  const ordinary = Array.from({ length: 60 }, (_, id) =>
    view(id, { source: 'plan.ics', voided: { alerts: 1200, devices: 30, waiting: 1200 } }),
  );
  const message = renderOutages({ current: ordinary, coming: ordinary, over: ordinary, broken: [] }, 'UTC');
  expect(slackComplaints(message)).toEqual([]);
  expect(readText(message)).toContain('and 50 more');
  expect(readText(message)).toContain('and 54 more');
  expect(readText(message)).toContain('Over since yesterday');
});

test('A10: notes and notices of hostile texts are messages that Slack takes, and ring nobody', () => {
  const after = { window: hostile, reason: hostile, endedAt: '2026-11-23T12:00:00.000Z' };
  for (const message of [renderOutageNote(after, 'UTC'), renderSourceNotice(hostile, hostile)]) {
    expect(slackComplaints(message)).toEqual([]);
    expect(JSON.stringify(message)).not.toContain('<!channel>');
  }
});

test('A10: the form is one that Slack takes, whatever is filled in', () => {
  const form = outageForm({ target: hostile, end: '2h', reason: hostile }, '');
  expect(checkBlocks(form.blocks)).toEqual([]);
  expect(form.title.length).toBeLessThanOrEqual(24);
});
