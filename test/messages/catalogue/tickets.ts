import type { Incident } from '../../../src/domain/store/heartbeats.ts';
import type { TicketRecord } from '../../../src/domain/store/tickets.ts';
import { type Ticket, ticketEvents, ticketStates } from '../../../src/domain/ticket.ts';
import { renderDiagnosis } from '../../../src/messages/diagnosis.ts';
import { renderDigest } from '../../../src/messages/digest.ts';
import { renderMarkup } from '../../../src/messages/notice.ts';
import { renderOutageNote } from '../../../src/messages/outage-note.ts';
import { renderPage } from '../../../src/messages/page.ts';
import { renderIncident, renderRecovery } from '../../../src/messages/incident.ts';
import { tellEvent } from '../../../src/messages/ticket-event.ts';
import { assignForm, snoozeForm } from '../../../src/messages/ticket-forms.ts';
import { renderFlapping } from '../../../src/messages/flapping.ts';
import { renderHandover } from '../../../src/messages/handover.ts';
import { renderHeld } from '../../../src/messages/held.ts';
import { renderAgain } from '../../../src/messages/again.ts';
import { renderElsewhere } from '../../../src/messages/scope.ts';
import type { RecurringView } from '../../../src/messages/recurring.ts';
import { renderRepairLook } from '../../../src/messages/repair-look.ts';
import { renderTicketList } from '../../../src/messages/ticket-list.ts';
import { renderTicketMail } from '../../../src/messages/ticket-mail.ts';
import { renderStoryLine } from '../../../src/messages/ticket-story.ts';
import { titleOf } from '../../../src/messages/ticket-title.ts';
import { renderTicket } from '../../../src/messages/ticket.ts';
import { options, ticket } from '../fixtures.ts';
import { entriesOf, type Entry } from './entry.ts';

const { timeZone, now } = options;
const person = 'U0ANNA';

/** A ticket with all that one can have. */
const full = ticket({
  flapping: { back: [], since: now.toISOString() },
  acknowledgedBy: person,
  acknowledgedAt: now,
  repairedBy: person,
  repairedAt: now,
  resolvedBy: person,
  resolvedAt: now,
  assignedTo: person,
  snoozedUntil: now,
  queue: { building: 'B4', forBuilding: 'B3' },
  joinedInto: 7,
  afterOutage: { window: 'server:int-38', reason: 'disk swap', endedAt: now.toISOString() },
});
const bare = ticket({
  region: null,
  alertCount: 0,
  diagnosis: null,
  location: null,
  channel: null,
  openedAt: null,
  deviceCount: 0,
});
const recurring: RecurringView = {
  ...{ failed: 4, of: 5, every: 'night', weekday: null, failure: 'connection' },
  before: { id: 7, link: 'https://slack.example/1' },
};
const symptom = {
  ...{ device: 'int-38', recipient: 'client-011', failure: 'package', package: 'geo-db' },
  ...{ job: 'J1', service: null, series: null },
};
const rich = {
  ...options,
  possible: ticketEvents,
  canRedistribute: true,
  template: { ...options.template, text: 'Runbook for {device} in {building}: {announced}' },
  others: [{ subject: 'int-39', failure: 'package', alertCount: 3 }],
  recurring: [recurring, { ...recurring, failure: null, before: null }],
};

const record = (of: Ticket, changes: Partial<TicketRecord> = {}): TicketRecord => ({
  ...of,
  device: of.subject,
  saidBuilding: null,
  saidRoom: null,
  lookAt: null,
  checkAt: null,
  told: null,
  ...changes,
});
const told = { alertCount: 9, deviceCount: 1, packages: ['office-7.2'], failures: [], at: '', lines: 1 };

const diagnosis = {
  verdict: 'network-down',
  reason: 'the route ends after 10.0.0.1',
  hop: 3,
  at: 'router-3',
  evidence: {
    target: {
      address: '10.1.0.58',
      sent: 3,
      received: 0,
      rttMs: null,
      ownUplinkDown: false,
      unreachableFrom: '10.0.0.1',
    },
    upstream: null,
    route: {
      target: '10.1.0.58',
      reached: false,
      hops: [
        { ttl: 1, address: '10.0.0.1', rttMs: 0.4 },
        { ttl: 2, address: null, rttMs: null },
      ],
    },
    ports: [{ port: 22, result: 'silent', rttMs: null }],
    path: [{ name: 'router-3', address: '10.0.0.1', answered: false }],
    probedAt: now,
  },
} as const;

const incidents: readonly Incident[] = (
  [
    'silent',
    'disconnected',
    'listener-failed',
    'probe-lost',
    'stuck',
    'not-counting',
    'clicks-blocked',
  ] as const
).flatMap((reason) =>
  [null, now].map((recoveredAt) => ({
    id: 3,
    intake: 'imap:alerts@example.org',
    reason,
    detail: 'connect ECONNREFUSED 10.0.0.9:993',
    since: new Date('2026-11-20T01:00:00Z'),
    openedAt: now,
    recoveredAt,
  })),
);

const named = { ...full, title: titleOf(full, null) };
const page = {
  ...{ ticket: full, title: named.title, link: 'https://slack.example/1', ticketChannel: 'C0NORTH' },
  ...{ step: 1, round: 3, end: null, endedAt: null },
} as const;
const acknowledged = { reason: 'acknowledged', userId: person, place: 'C0NORTH' };

function listedIn(of: TicketRecord) {
  return { ...of, title: titleOf(of, null) };
}

/** Told in a ticket's thread, one line each. */
function renderEvents(of: Ticket, assignee: string, note: string) {
  const detail = { assignee, until: now, note };
  const lines = ticketEvents.map((event) => tellEvent(event, of, person, detail, timeZone));
  return renderMarkup(lines.join('\n'));
}

const scope = {
  ...{ title: 'package geo-db 7', label: 'Package' },
  origins: [{ region: 'us', server: 'int-38', alerts: 12, devices: 7 }],
};
const held = { ticket: { ...bare, alertCount: 4 }, nextLook: now, latest: now };
const listed = {
  ticket: full,
  scope: 'package geo-db 7',
  owner: person,
  link: 'https://slack.example/1',
  held: null,
};

const some = <Line>(line: Line) => ({ lines: [line], total: 30 });
const handover = {
  ...{ region: 'eu', since: now, now, from: person, to: person },
  open: some(listed),
  held: some(held),
  out: some({ target: 'server:int-38', until: now, reason: 'disk swap' }),
  waiting: some({ ...listed, postAt: now }),
  quiet: some({ ...listed, quietMs: 86_400_000 }),
  nightly: some({ id: 12, subject: 'int-38', failure: 'connection', recurring }),
  closed: some({
    id: 12,
    subject: 'int-38',
    failure: 'connection',
    reason: 'recovery-mail',
    resolvedAt: now,
  }),
};

export const ticketEntries: readonly Entry[] = [
  ...entriesOf(
    renderTicket,
    [full, rich],
    [bare, options],
    ...ticketStates.map((state) => [ticket({ state }), options] as const),
  ),
  ...entriesOf(renderTicketMail, [full, timeZone], [bare, timeZone]),
  ...entriesOf(renderHandover, [handover, timeZone], [{ ...handover, region: null, from: null }, timeZone]),
  ...entriesOf(renderDiagnosis, [diagnosis, timeZone]),
  ...entriesOf(
    renderDigest,
    [[listedIn(record(full)), listedIn(record(bare, { told }))], { timeZone, now, postAt: now }],
    [Array.from({ length: 13 }, (_, id) => listedIn(record(ticket({ id })))), { timeZone, now, postAt: now }],
  ),
  ...entriesOf(
    renderPage,
    [{ ...page, state: 'running' }, timeZone],
    [{ ...page, state: 'exhausted' }, timeZone],
  ),
  ...entriesOf(renderPage, [{ ...page, state: 'ended', end: acknowledged, endedAt: now }, timeZone]),
  ...entriesOf(
    renderFlapping,
    [{ symptoms: [symptom], of: 1, flaps: 3, quietMs: 7_200_000 }],
    [{ symptoms: [symptom], of: 4, flaps: 3, quietMs: 7_200_000 }],
    [{ symptoms: [symptom, symptom], of: 4, flaps: 3, quietMs: 7_200_000 }],
  ),
  ...entriesOf(
    renderRepairLook,
    ['int-38', diagnosis.evidence.target, true],
    ['int-38', { ...diagnosis.evidence.target, received: 3, rttMs: 2 }, true],
    ['int-38', { ...diagnosis.evidence.target, received: 3, rttMs: 2 }, false],
    ['int-38', { ...diagnosis.evidence.target, ownUplinkDown: true }, true],
    ['int-38', null, true],
  ),
  ...entriesOf(assignForm, [named], [{ ...bare, title: 'int-38 is down' }]),
  ...entriesOf(snoozeForm, [named]),
  ...entriesOf(renderStoryLine, [
    {
      countCrossed: 100,
      alertCount: 120,
      newDevices: 3,
      deviceCount: 40,
      newPackages: ['fonts-1'],
      newFailures: ['package'],
    },
  ]),
  ...entriesOf(renderOutageNote, [
    { window: 'server:int-38', reason: 'disk swap', endedAt: now.toISOString() },
    timeZone,
  ]),
  ...entriesOf(renderIncident, ...incidents.map((incident) => [incident, timeZone] as const)),
  ...entriesOf(renderRecovery, ...incidents.map((incident) => [incident] as const)),
  ...entriesOf(renderEvents, [full, person, 'It answers for 5 min without a break.']),
  ...entriesOf(
    renderElsewhere,
    [full, scope, 'us', 'https://slack.example/1'],
    [{ ...full, state: 'resolved' }, scope, 'us', null],
  ),
  ...entriesOf(renderAgain, [full, 90_000_000]),
  ...entriesOf(renderHeld, [[held, { ...held, ticket: full }], timeZone], [[held], timeZone], [[], timeZone]),
  ...entriesOf(
    renderTicketList,
    [
      {
        asked: 'eu open',
        total: 40,
        from: 10,
        tickets: [
          listed,
          { ...listed, ticket: bare, link: null, owner: null, scope: null },
          { ...listed, held },
        ],
      },
      timeZone,
    ],
    [{ asked: '', total: 0, from: 0, tickets: [] }, timeZone],
  ),
];
