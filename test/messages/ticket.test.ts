import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verdicts } from '../../src/domain/diagnosis.ts';
import { type TicketState, ticketStates } from '../../src/domain/ticket.ts';
import { evidenceOfTicket } from '../../src/domain/evidence.ts';
import type { JudgedSymptom } from '../../src/domain/symptom.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import type { TicketTemplate } from '../../src/domain/ticket-policy.ts';
import { renderTicket } from '../../src/messages/ticket.ts';
import { possibleEvents } from '../../src/ticket/lifecycle.ts';
import { options, ticket } from './fixtures.ts';
import { readButtons, readText, slackComplaints } from './reading.ts';

function down(changes: Partial<Ticket> = {}): Ticket {
  const { diagnosis } = ticket();
  return ticket({ diagnosis: diagnosis && { ...diagnosis, verdict: 'device-down' }, ...changes });
}

/** Of package `name`; `isOver`: a later success shows that. */
function symptom(name: string, isOver: boolean): JudgedSymptom {
  const { now } = options;
  return {
    ticketId: 12,
    device: 'int-38',
    recipient: 'client-1',
    failure: 'package',
    package: name,
    job: null,
    service: null,
    series: null,
    firstAt: now,
    lastAt: now,
    longestGapMs: 0,
    occurrences: 1,
    state: isOver ? 'cleared' : 'failing',
    evidence: isOver ? evidenceOfTicket(12, 'success', now, 'log of int-38') : null,
  };
}

describe('a ticket', () => {
  test('says in its header what is wrong where', () => {
    expect(renderTicket(ticket(), options).blocks[0]).toMatchObject({
      type: 'header',
      text: { text: 'int-38: 210 devices failing, connection error' },
    });
  });

  test.each([
    'Open',
    '>Connection to host timed out',
    '*Alerts*\n210 in 14 min',
    '<!date^1795140720^{date_short_pretty} {time}|2026-11-20 03:12 CET> – <!date^1795141560^{time}|2026-11-20 03:26 CET>',
    '*Package*\n`office-7.2`',
    '*Job*\n`J-4711`',
    '*Distribution server*\n`int-38`',
    'Kiel / B3 / 201\n:warning: _mail said B2/114, inventory says B3/201_',
    '*network down at hop 3*: the route ends after 10.0.0.1',
    '210 devices named: client-[011-020] and 200 more',
    'Ticket 12',
  ])('shows %j', (part) => {
    expect(readText(renderTicket(ticket(), options))).toContain(part);
  });

  test.each([
    [1, 0, '*Alerts*\n1\n'],
    [200, 0, '*Alerts*\n200 in 1 s\n'],
    [2, 2 * 24 * 3_600_000, '*Alerts*\n2 in 2 days\n'],
  ])('with %i alerts in %i ms says %j', (alertCount, spanMs, said) => {
    const { firstAt } = ticket();
    const lastAt = new Date(firstAt.getTime() + spanMs);
    expect(readText(renderTicket(ticket({ alertCount, lastAt }), options))).toContain(said);
  });

  test.each([
    ['the same minute', 59_000, /\*First – last\*\n<[^<>]+03:12 CET>\n/],
    ['the same day', 60_000, /CET> – <!date\^\d+\^\{time\}\|2026-11-20 03:13 CET>/],
    [
      'several days',
      24 * 3_600_000,
      /CET> – <!date\^\d+\^\{date_short_pretty\} \{time\}\|2026-11-21 03:12 CET>/,
    ],
  ])('repeats no date for alerts of %s', (_, spanMs, said) => {
    const { firstAt } = ticket();
    const lastAt = new Date(firstAt.getTime() + spanMs);
    expect(readText(renderTicket(ticket({ lastAt }), options))).toMatch(said);
  });

  test.each<[string, Partial<Ticket>, string]>([
    [
      'that is open',
      {},
      'int-38 is down: 210 devices failing (210 alerts) · Kiel / B3 / 201 · nobody has it',
    ],
    [
      'that somebody has',
      { state: 'acknowledged', acknowledgedBy: 'U0ANNA' },
      'int-38 is down: 210 devices failing (210 alerts) · Kiel / B3 / 201 · somebody has it',
    ],
    [
      'that is over',
      { state: 'resolved', location: null },
      'int-38 was down: 210 devices failed (210 alerts) · north · over',
    ],
  ])('tells in the notification of one %s what, how many, where and whose turn', (_, changes, said) => {
    expect(renderTicket(down(changes), options).text).toBe(said);
  });

  test('says state, owner, since when, why and what was announced before its buttons, and details after them', () => {
    const types = renderTicket(down(), options).blocks.map(({ type }) => type);
    expect(types.slice(0, 4)).toEqual(['header', 'section', 'actions', 'section']);
    const [, first] = renderTicket(down({ assignedTo: 'U0BEN' }), options).blocks;
    expect(readText({ text: '', blocks: first ? [first] : [] })).toMatch(
      /^\s*:red_circle: \*Open\* · <@U0BEN> has it · since .*\n\*Diagnosis\*  \*device down at hop 3\*: .*\n>Connection/,
    );
  });

  test.each(['repaired', 'resolved'] as const)('tells the diagnosis as history once it is %s', (state) => {
    const text = readText(renderTicket(down({ state }), options));
    expect(text).not.toContain('*Diagnosis*');
    expect(text).toContain('Diagnosis then: *device down');
  });

  test('tells its cause as history once it is resolved', () => {
    const cause = { kind: 'server', reason: 'several-packages-fail-through-it', servers: ['int-1'] } as const;
    const text = readText(renderTicket(ticket({ state: 'resolved' }), { ...options, cause }));
    expect(text).not.toContain('*Cause*');
    expect(text).toContain('Cause then: ');
  });

  test.each<Partial<Ticket>>([
    { state: 'open', assignedTo: 'U0BEN' },
    { state: 'acknowledged', acknowledgedBy: 'U0BEN', acknowledgedAt: options.now },
    { state: 'repaired', assignedTo: 'U0BEN', repairedBy: 'U0BEN', repairedAt: options.now },
  ])('names the one who has it once: %j', (changes) => {
    expect(readText(renderTicket(ticket(changes), options)).split('<@U0BEN>')).toHaveLength(2);
  });

  test('names what still fails once a part of it is over', () => {
    const symptoms = ['geo-db', 'maps', 'fonts'].map((name) => symptom(name, name === 'geo-db'));
    const text = readText(renderTicket(ticket(), { ...options, symptoms }));
    expect(text).toContain('2 of 3 still failing');
    expect(text).toContain('*Still failing*  maps at client-1, fonts at client-1');
    expect(readText(renderTicket(ticket(), { ...options, symptoms: symptoms.slice(1) }))).not.toContain(
      'Still failing',
    );
  });

  test('fits on one screen', () => {
    expect(renderTicket(ticket(), options).blocks.length).toBeLessThanOrEqual(6);
  });

  test('marks a device that the inventory does not know', () => {
    const location = { known: false, site: null, building: null, room: null, corrections: [] };
    expect(readText(renderTicket(ticket({ location }), options))).toContain(':warning: not in the inventory');
  });

  test('names who acknowledged and who repaired, and when', () => {
    const done = ticket({
      state: 'repaired',
      acknowledgedBy: 'U0ANNA',
      acknowledgedAt: new Date('2026-11-20T02:40:00Z'),
      repairedBy: 'U0BEN',
      repairedAt: new Date('2026-11-20T04:00:00Z'),
    });
    const text = readText(renderTicket(done, options));
    expect(text).toMatch(
      /Acknowledged by <@U0ANNA> <!date\^\d+.*03:40 CET> · Repaired by <@U0BEN> .*05:00 CET>/,
    );
  });

  test('shows a failure type that the site added by its own name', () => {
    expect(readText(renderTicket(ticket({ failure: 'licence' }), options))).toContain(
      'int-38: 210 devices failing, licence',
    );
  });
});

const cared = ['Repaired', 'Assign …', 'Snooze …', 'Resolve', 'Out for 2 h …'];
const buttons: Partial<Record<TicketState, string[]>> = {
  open: ['Acknowledge', ...cared],
  acknowledged: cared,
  repaired: ['Resolve', 'Reopen'],
  resolved: ['Reopen'],
};

test.each(ticketStates.map((state) => [state, buttons[state] ?? []] as const))(
  'A17: a ticket that is %s has the buttons %j',
  (state, expected) => {
    const shown = ticket({ state });
    const possible = possibleEvents(shown, options.now, 86_400_000);
    const labels = readButtons(renderTicket(shown, { ...options, possible })).map(
      (one) => /^(.+?) ticket:[a-z]+ 12$/.exec(one)?.[1],
    );
    expect(labels).toEqual(expected);
  },
);

describe('A13: the site’s template', () => {
  const rendered = (changes: Partial<TicketTemplate>, of = ticket()) =>
    readText(renderTicket(of, { ...options, template: { ...options.template, ...changes } }));

  test('says which fields are shown, in which order, under which labels', () => {
    const text = rendered({
      fields: [
        { field: 'packages', label: 'Programm' },
        { field: 'alerts', label: 'Meldungen' },
      ],
    });
    expect(text).toMatch(/\*Programm\*\n`office-7.2`\n\*Meldungen\*\n210 in 14 min/);
    expect(text).not.toContain('*Location*');
  });

  test('fills the placeholders of title and text', () => {
    const title = 'Job {job}: {verdict} in {building}';
    const text = rendered({ title, text: 'Runbook: https://wiki.example.net/{failure}?d={device}' });
    expect(text).toContain('Job J-4711: network down in B3');
    expect(text).toContain('Runbook: https://wiki.example.net/connection%20error?d=int-38');
  });

  test('encodes what fills a placeholder within a web address, in the title and in the text', () => {
    const nasty = { failure: 'a&b |c>(d)*', subject: '\ud800ü' };
    const link = '<https://wiki.example.net/{failure}?d={device}|{failure}>';
    const text = rendered({ title: `{device} http://w/{failure}`, text: link }, ticket(nasty));
    expect(text).toContain('http://w/a%26b%20%7Cc%3E%28d%29%2A');
    expect(text).toContain(
      '<https://wiki.example.net/a%26b%20%7Cc%3E%28d%29%2A?d=%EF%BF%BD%C3%BC|a&amp;b |c&gt;(d)*>',
    );
  });

  test('escapes what fills a placeholder, and keeps the site’s own markup', () => {
    const text = rendered({ text: '*{device}*' }, ticket({ subject: '<!channel>' }));
    expect(text).toContain('*&lt;!channel&gt;*');
  });

  test('shows the action taken, and the building that helps out', () => {
    const text = rendered({}, ticket({ queue: { building: 'B1', forBuilding: 'B3' } }));
    expect(text).toContain('*Action taken*\nticket 12 opened');
    expect(text).toContain('looked after by `B1` for `B3`');
  });
});

test('A17: related failures of the same device are listed', () => {
  const others = [{ subject: 'int-38', failure: 'access', alertCount: 4 }];
  expect(readText(renderTicket(ticket(), { ...options, others }))).toContain(
    'Combined with `int-38` access failure (4 alerts)',
  );
});

test('A17: says who has it, and until when it is snoozed', () => {
  const text = readText(
    renderTicket(ticket({ assignedTo: 'U0BEN', snoozedUntil: new Date('2026-11-20T06:00:00Z') }), options),
  );
  expect(text).toContain('<@U0BEN> has it');
  expect(text).toMatch(/snoozed until <!date.*07:00 CET>/);
});

describe('whatever an alert brings', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom(
      '<!channel>',
      '<!here|x>',
      '<@U123>',
      '```<!everyone>',
      '&<>'.repeat(2000),
      '\u202e<!channel>',
    ),
    fc.string({ minLength: 3000, maxLength: 5000 }),
  );
  const list = fc.array(nasty, { maxLength: 20 });
  const date = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });
  const hostile = fc.record({
    state: fc.constantFrom(...ticketStates),
    failure: nasty,
    subject: nasty,
    region: fc.option(nasty),
    packages: list,
    jobs: list,
    servers: list,
    devices: list,
    deviceCount: fc.nat(),
    announced: nasty,
    firstAt: date,
    lastAt: date,
    acknowledgedBy: fc.option(nasty),
    acknowledgedAt: fc.option(date),
    location: fc.record({
      known: fc.boolean(),
      site: fc.option(nasty),
      building: fc.option(nasty),
      room: fc.option(nasty),
      corrections: list,
    }),
    verdict: fc.constantFrom(...verdicts),
    reason: nasty,
  });

  test('the ticket stays within the limits and rings nobody', () => {
    fc.assert(
      fc.property(hostile, ({ verdict, reason, ...changes }) => {
        const { diagnosis } = ticket();
        const message = renderTicket(
          ticket({ ...changes, diagnosis: diagnosis && { ...diagnosis, verdict, reason } }),
          options,
        );
        expect(slackComplaints(message)).toEqual([]);
        expect(
          readText(message).replaceAll(/<!date\^\d+\^(?:\{date_short_pretty\} )?\{time\}\|[\w: +-]+>/g, ''),
        ).not.toMatch(/<[!@#]/);
      }),
      { numRuns: 200 },
    );
  });

  test('an unknown time zone falls back to UTC', () => {
    expect(readText(renderTicket(ticket(), { ...options, timeZone: 'Mars/Olympus' }))).toContain(
      '2026-11-20 02:12 UTC',
    );
  });
});
