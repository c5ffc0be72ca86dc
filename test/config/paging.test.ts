import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/faults.ts';
import { parseConfig } from '../../src/config/load-config.ts';

const parse = (text: string) => parseConfig(text, 'restage.yaml', {}, { shippedFormatNames: ['plain'] });

function faultsOf(text: string): readonly string[] {
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ line, key, message, hint }) => `${line} ${key}: ${message}. ${hint}`);
  }
  return [];
}

const schedules = `timeZone: Europe/Berlin
onCall:
  schedules:
    primary: { rotation: { every: 1w, start: 2026-11-02T08:00, users: [U0ANA, U0BEN] }, RESTRICT }
    team: { userGroup: S0123 }
paging:
  policies:
    default: { steps: [{ notify: [STEP1] }, { notify: [team, "user:U0BOSS"], after: 10m }], repeat: 2 }
  rules: [{ match: { region: eu, group: edge }, policy: POLICY }]
`;
const config = (fill: { restrict?: string; step?: string; policy?: string } = {}) =>
  schedules
    .replace('RESTRICT', fill.restrict ?? 'overrides: []')
    .replace('STEP1', fill.step ?? 'primary')
    .replace('POLICY', fill.policy ?? 'default');

describe('A19: paging in the config', () => {
  test('is read with its defaults, times in the zone of the site', () => {
    const { paging } = parse(config()).config;
    expect(paging.schedules).toMatchObject([
      {
        kind: 'rotation',
        name: 'primary',
        timeZone: 'Europe/Berlin',
        everyMs: 7 * 86_400_000,
        start: { year: 2026, month: 11, day: 2, hour: 8, minute: 0 },
        restrict: null,
      },
      { kind: 'group', name: 'team', userGroup: 'S0123' },
    ]);
    expect(paging.policies).toMatchObject([
      {
        name: 'default',
        repeat: 2,
        repeatAfterMs: 600_000,
        quietHours: null,
        steps: [
          { notify: [{ kind: 'schedule', name: 'primary' }], afterMs: 0 },
          {
            notify: [
              { kind: 'schedule', name: 'team' },
              { kind: 'user', userId: 'U0BOSS' },
            ],
            afterMs: 600_000,
          },
        ],
      },
    ]);
    expect(paging.rules).toEqual([
      { id: 'paging.rules[0]', region: 'eu', failure: null, device: null, group: 'edge', policy: 'default' },
    ]);
  });

  test('a file without it pages nobody', () => {
    expect(parse('').config.paging).toEqual({ schedules: [], policies: [], rules: [] });
  });

  test('an override’s last day belongs to it, and days can be named as ranges over the week’s end', () => {
    const restrict =
      "overrides: [{ from: 2026-12-24, until: 2026-12-31, user: U0CAI }], restrict: { days: [fri-mon], from: '22:00', until: '06:00' }";
    expect(parse(config({ restrict })).config.paging.schedules[0]).toMatchObject({
      overrides: [{ from: { month: 12, day: 24, hour: 0 }, until: { month: 12, day: 32, hour: 0 } }],
      restrict: { days: [5, 6, 0, 1], fromMinute: 22 * 60, untilMinute: 6 * 60 },
    });
  });

  test.each([
    [
      'an unknown schedule',
      config({ step: 'primry' }),
      '8 paging.policies.default.steps[0].notify[0]: names no schedule (got "primry"). Did you mean primary?',
    ],
    ['nobody at all', config({ step: '' }), '8 paging.policies.default.steps[0].notify: reaches nobody'],
    [
      'an unknown policy',
      config({ policy: 'defualt' }),
      '9 paging.rules[0].policy: names no policy (got "defualt"). Did you mean default?',
    ],
    [
      'an empty rotation',
      config().replace('[U0ANA, U0BEN]', '[]'),
      '4 onCall.schedules.primary.rotation.users: is empty: nobody is ever on call',
    ],
    [
      'a policy without steps',
      'paging: { policies: { a: { steps: [] } } }',
      '1 paging.policies.a.steps: reaches nobody',
    ],
    [
      'a step that is not later than the one before',
      config().replace('after: 10m', 'after: 0s'),
      '8 paging.policies.default.steps[1].after: is not later',
    ],
    [
      'a name instead of an id',
      config().replace('U0ANA', 'ana'),
      "4 onCall.schedules.primary.rotation.users[0]: must be a Slack user's id",
    ],
    [
      'a schedule without anybody',
      'onCall: { schedules: { a: { timeZone: UTC } } }',
      '1 onCall.schedules.a: names nobody',
    ],
    [
      'a rotation that is a group as well',
      config({ restrict: 'userGroup: S0123' }),
      '4 onCall.schedules.primary: has both rotation and userGroup',
    ],
    [
      'a day that is none',
      config().replace('2026-11-02', '2026-11-31'),
      '4 onCall.schedules.primary.rotation.start: must be a day',
    ],
  ])('a step that reaches nobody, and other slips: %s', (_, text, fault) => {
    expect(faultsOf(text)).toEqual([expect.stringContaining(fault)]);
  });

  test('warns of a step that at times reaches nobody, with its first gap', () => {
    const restrict = "restrict: { days: [mon-fri], from: '08:00', until: '18:00' }";
    const { warnings } = parse(config({ restrict }));
    expect(warnings.filter(({ key }) => key.startsWith('paging'))).toMatchObject([
      {
        line: 8,
        key: 'paging.policies.default.steps[0]',
        message:
          'at times reaches nobody, for the first time from 2026-11-02 18:00 to 2026-11-03 08:00 (Europe/Berlin)',
      },
    ]);
  });

  test.each([
    ['an unrestricted rotation', config()],
    [
      'somebody beside the rotation',
      config({ restrict: "restrict: { from: '08:00' }", step: 'primary, team' }),
    ],
  ])('does not warn of %s', (_, text) => {
    const { warnings } = parse(text);
    expect(warnings.filter(({ key }) => key.startsWith('paging'))).toEqual([]);
  });
});
