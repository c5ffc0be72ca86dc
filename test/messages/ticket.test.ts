import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verdicts } from '../../src/domain/diagnosis.ts';
import { type TicketState, ticketStates } from '../../src/domain/ticket.ts';
import { renderTicket } from '../../src/messages/ticket.ts';
import { options, ticket } from './fixtures.ts';
import { readButtons, readText, slackComplaints } from './reading.ts';

describe('a ticket', () => {
  test('says in its header what is wrong where', () => {
    expect(renderTicket(ticket(), options).blocks[0]).toMatchObject({
      type: 'header',
      text: { text: 'int-38: connection error' },
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
    expect(readText(renderTicket(ticket({ failure: 'licence' }), options))).toContain('int-38: licence');
  });
});

const bothButtons = ['Acknowledge ticket:acknowledge 12', 'Repaired ticket:repaired 12'];
const buttons: Partial<Record<TicketState, string[]>> = {
  open: bothButtons,
  acknowledged: bothButtons.slice(1),
};

test.each(ticketStates.map((state) => [state, buttons[state] ?? []] as const))(
  'a ticket that is %s has buttons %j',
  (state, expected) => {
    expect(readButtons(renderTicket(ticket({ state }), options))).toEqual(expected);
  },
);

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
