import type { StoredMailLine } from '../../../src/domain/store/stored-mails.ts';
import { renderDoAnyway } from '../../../src/messages/do-anyway.ts';
import { renderFailedDeliveries } from '../../../src/messages/failed-deliveries.ts';
import { renderMarkup, renderNotice } from '../../../src/messages/notice.ts';
import { outageForm } from '../../../src/messages/outage-form.ts';
import { renderOutages } from '../../../src/messages/outages.ts';
import { renderPagingOverview } from '../../../src/messages/paging-overview.ts';
import { renderReport, renderReportPreview } from '../../../src/messages/report.ts';
import { renderSourceNotice } from '../../../src/messages/source-notice.ts';
import {
  renderFormatDraft,
  renderUnknownBegins,
  renderUnknownDay,
} from '../../../src/messages/unknown-mail.ts';
import { renderMailList, renderMailModal } from '../../../src/messages/stored-mails.ts';
import { thresholdForm } from '../../../src/messages/threshold-form.ts';
import { renderThresholds } from '../../../src/messages/thresholds.ts';
import { renderTotals } from '../../../src/messages/totals.ts';
import { describeChange, nameOf } from '../../../src/report/wording.ts';
import { outageUsage } from '../../../src/workflows/outage/note-outage.ts';
import { redistributeUsage } from '../../../src/workflows/redistribution/request-redistribution.ts';
import { reportUsage } from '../../../src/workflows/report/report.ts';
import { options } from '../fixtures.ts';
import { entriesOf, type Entry } from './entry.ts';
import { metadata } from './extremes.ts';

const { timeZone, now } = options;

const outage = {
  id: 4,
  target: 'server:int-38',
  from: now,
  until: new Date('2026-11-20T09:00:00Z'),
  reason: 'disk swap',
  source: 'calendar',
  createdBy: 'T1/U0ANNA',
  voided: { alerts: 40, devices: 3, waiting: 1 },
};
const byPerson = { ...outage, id: 5, source: null, voided: null };
const broken = { name: 'calendar', fault: 'HTTP 503', since: now };

const unknownKind = {
  mail: { id: 7, subject: '[pkgd] push to int-58 failed', receivedAt: new Date('2026-11-23T13:00:00Z') },
  count: 12,
  senders: [
    { address: 'pkgd@hub.example.net', mails: 8 },
    { address: null, mails: 4 },
  ],
};

const mail: StoredMailLine = {
  id: 17,
  via: 'imap:alerts',
  receivedAt: now,
  fromAddress: 'cron@int-38.example.org',
  subject: 'Distribution failed',
  state: 'dead-letter',
  format: null,
  gate: 'format',
  reason: 'no-format-matches',
  alertCount: 0,
  readmittedBy: 'T1/U0ANNA',
  readmittedAt: now,
};
const shownMail = {
  ...mail,
  gates: [
    { gate: 'domain', passed: true, reason: 'domain-allowed', values: { domain: 'example.org' } },
    { gate: 'format', passed: false, reason: 'no-format-matches', values: { tried: 14, best: null } },
  ],
  headers: [{ name: 'Subject', value: 'Distribution failed' }],
  text: 'client-011: timed out',
  alerts: [
    {
      device: 'client-011',
      failure: 'connection',
      gates: [
        { gate: 'threshold', passed: false, reason: 'below-threshold', values: { counted: 1, needed: 3 } },
      ],
    },
  ],
} as const;

const compared = { now: 120, before: 80 };
const durations = {
  now: { count: 3, medianMs: 60_000, p90Ms: 600_000 },
  before: { count: 0, medianMs: null, p90Ms: null },
};
const rows = [
  { name: 'connection', ...compared },
  { name: null, now: 0, before: 3 },
];
const report = {
  title: 'Failures in north',
  period: '2026-11-13 to 2026-11-20',
  inWords: 'Failures in north: 120 alerts (80 before, +50 %).',
  counts: {
    alerts: compared,
    leftOut: compared,
    groups: { failure: rows, server: rows, package: rows, building: rows, device: rows },
    opened: compared,
    resolved: compared,
    acknowledged: durations,
    repaired: durations,
  },
  parts: [{ title: 'Failures by type', rows }],
  nameOf,
  changeOf: describeChange,
};

const paging = {
  onCall: [
    { name: 'primary', users: ['U0ANNA'], until: now, next: 'U0BEN', reason: 'rotation' },
    { name: 'backup', users: null, until: null, next: null, reason: 'group-unreadable' },
  ],
  switches: [{ device: 'int-38', failure: 'connection', until: now, by: 'U0ANNA', at: now }],
  tickets: [
    {
      id: 12,
      title: 'int-38 is down',
      isPaged: true,
      told: ['U0ANNA', 'C0NORTH'],
      dueAt: now,
      pageReason: 'no-answer',
    },
  ],
} as const;

const threshold = {
  key: 'region=eu',
  isFor: 'region eu, failure access',
  id: 'eu-access',
  over: 'device',
  count: 4,
  fraction: null,
  withinMs: 1_800_000,
  set: { by: 'U0ANNA', at: now },
  insteadOf: '2 alerts of one device within 1 h',
} as const;

const failed = {
  id: 'd-4',
  kind: 'ticket',
  subjectId: '12',
  channel: 'C0NORTH',
  createdAt: now,
  attempts: 4,
  lastError: 'chat.postMessage: not_in_channel',
} as const;

export const operationEntries: readonly Entry[] = [
  ...entriesOf(renderOutages, [
    { current: [outage, byPerson], coming: [outage], over: [outage], broken: [broken] },
    timeZone,
  ]),
  ...entriesOf(outageForm, [{ target: 'int-38', end: '2h', reason: 'ticket 12' }, metadata]),
  ...entriesOf(renderDoAnyway, [
    {
      problem: 'The inventory does not know a device of that name.',
      near: ['int-58', 'int-38'],
      about: 'outage',
      value: 'int-85',
    },
  ]),
  ...entriesOf(renderFailedDeliveries, [[failed], 40, timeZone], [[], 0, timeZone]),
  ...entriesOf(renderUnknownBegins, [unknownKind, timeZone]),
  ...entriesOf(renderUnknownDay, [Array.from({ length: 7 }, () => unknownKind), '2026-11-23 08:00']),
  ...entriesOf(renderFormatDraft, ['formats:\n  - name: pkgd\n']),
  ...entriesOf(renderMailList, [[mail, { ...mail, state: 'accepted' }], 'dead letters', timeZone]),
  ...entriesOf(
    renderMailModal,
    [shownMail, timeZone],
    [{ ...shownMail, text: null, readmittedAt: null }, timeZone],
  ),
  ...entriesOf(renderReport, [report, null], [report, { missing: 'Slack did not take the picture.' }]),
  ...entriesOf(renderReportPreview, [report, { id: 'command-1' }], [report, null]),
  ...entriesOf(renderPagingOverview, [paging, timeZone]),
  ...entriesOf(renderThresholds, [
    [threshold, { ...threshold, set: null, count: null, fraction: 0.5 }],
    timeZone,
  ]),
  ...entriesOf(thresholdForm, [{ for: 'region=eu', over: 'region', needed: '50%', within: '2h' }, metadata]),
  ...entriesOf(renderTotals, [
    'region eu',
    {
      failures: [{ failure: 'connection', alerts: 40, devices: 3, lastAt: now }],
      devices: [{ device: 'int-38', failure: 'connection', alerts: 30 }],
    },
    timeZone,
  ]),
  ...entriesOf(renderSourceNotice, ['calendar', 'HTTP 503'], ['calendar', null]),
  ...entriesOf(
    renderNotice,
    ['The form is open.'],
    [[redistributeUsage, outageUsage, reportUsage].join('\n')],
  ),
  ...entriesOf(renderMarkup, ['Acknowledged by <@U0ANNA>.']),
];
