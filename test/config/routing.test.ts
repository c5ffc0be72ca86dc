import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/faults.ts';
import { parseConfig } from '../../src/config/load-config.ts';

const parse = (text: string) =>
  parseConfig(text, 'restage.yaml', {}, { shippedFormatNames: ['plain'] }).config;

function faultsOf(text: string): readonly string[] {
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ line, key, message }) => `${line} ${key}: ${message}`);
  }
  return [];
}

describe('A14-A16: routing', () => {
  test('rules, buildings and schedules are read; a schedule is in the site’s zone', () => {
    const { routing } = parse(`
timeZone: Europe/Berlin
routing:
  urgent: [access]
  regions:
    eu: { channel: "#maint-eu", hold: { every: day } }
  rules:
    - { match: { failure: access, region: "e*" }, channel: sec, hold: none }
    - { hold: { every: week, on: friday, at: 16:30, timeZone: UTC }, continue: true }
  buildings:
    B3: { channel: maint-b3, hold: { every: shift, shifts: [06:00, 14:00] } }
    B4: { nearest: [b3], lat: 54.3, lon: 10.1 }
`);
    expect(routing).toMatchObject({
      urgent: ['access'],
      regions: [{ name: 'eu', channel: 'maint-eu', hold: { atMinutes: [480], timeZone: 'Europe/Berlin' } }],
      rules: [
        {
          id: 'routing.rules[0]',
          match: { failure: 'access', region: 'e*', server: null },
          channel: 'sec',
          hold: 'none',
          continue: false,
        },
        {
          id: 'routing.rules[1]',
          channel: null,
          hold: { every: 'week', weekday: 5, atMinutes: [990], timeZone: 'UTC' },
          continue: true,
        },
      ],
      buildings: [
        { name: 'B3', staffed: true, position: null, hold: { atMinutes: [360, 840], weekday: null } },
        { name: 'B4', staffed: false, channel: null, position: { lat: 54.3, lon: 10.1 } },
      ],
    });
  });

  test.each([
    ['rules: [{ match: { region: eu } }]', 'routing.rules[0]: says nothing'],
    [
      'rules: [{ channel: a }, { match: { region: eu }, channel: b }]',
      'routing.rules[1]: can never be reached',
    ],
    ['rules: [{ match: { reigon: eu }, channel: b }]', 'routing.rules[0].match.reigon: is not a known key'],
    [
      'buildings: { B3: { nearest: [B9] } }',
      'routing.buildings.B3.nearest[0]: is no building of routing.buildings',
    ],
    ['buildings: { B3: { lat: 5 } }', 'routing.buildings.B3: has only half of its position'],
    ['buildings: { B3: { staffed: true } }', 'routing.buildings.B3: is staffed but has no channel'],
    [
      'buildings: { B3: { channel: a, hold: { every: shift } } }',
      'routing.buildings.B3.hold: names no shifts',
    ],
    [
      'regions: { eu: { channel: a, hold: { every: day, on: monday } } }',
      'routing.regions.eu.hold.on: does not belong to every: day',
    ],
    [
      'buildings: { B3: { channel: a }, b3: { channel: b } }',
      'routing.buildings.b3: is the same building as routing.buildings.B3',
    ],
  ])('%s', (yaml, fault) => {
    expect(faultsOf(`routing: { ${yaml} }`).map((one) => one.replace(/^\d+ /, ''))).toContain(fault);
  });

  test('a rule that fits everything may stand before others when the search goes on', () => {
    const rules = '[{ hold: none, continue: true }, { match: { region: eu }, channel: b }]';
    expect(faultsOf(`routing: { rules: ${rules} }`)).toEqual([]);
  });
});

describe('A13: the ticket’s template and care', () => {
  test('says by default what a ticket has always said, and looks after it', () => {
    expect(parse('').ticket).toMatchObject({
      template: { title: '{summary}', text: null },
      autoResolveAfterMs: 7_200_000,
      combineWithinMs: 3_600_000,
      email: null,
    });
  });

  test('is as the site writes it', () => {
    const { ticket } = parse(`
ticket:
  title: "{job} on {device}"
  text: "Runbook: https://wiki.example.net/{failure}"
  fields: [alerts, { field: device, label: Appliance }]
  autoResolve: off
  combine: off
  email: { relay: { host: mail.example.net }, from: restage@example.net, to: maint@example.net }
`);
    expect(ticket).toMatchObject({
      template: {
        title: '{job} on {device}',
        fields: [
          { field: 'alerts', label: 'Alerts' },
          { field: 'device', label: 'Appliance' },
        ],
      },
      autoResolveAfterMs: null,
      combineWithinMs: null,
      email: { relay: { host: 'mail.example.net', port: 25 }, to: ['maint@example.net'] },
    });
  });

  test.each([
    ['title: "{devise}"', /^\d+ ticket.title: must be a text whose placeholders are among \{summary\}/],
    ['fields: [devices]', /^\d+ ticket.fields\[0\]: must be one of device/],
    ['email: { from: a@b, to: c@d }', /^\d+ ticket.email.relay/],
  ])('%s is a fault', (yaml, fault) => {
    expect(faultsOf(`ticket: { ${yaml} }`)).toEqual([expect.stringMatching(fault)]);
  });
});
