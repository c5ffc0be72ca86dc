import { expect, test } from 'vitest';
import { ConfigError } from '../../src/config/faults.ts';
import { parseConfig } from '../../src/config/load-config.ts';

const parse = (section: string) =>
  parseConfig(
    `timeZone: Europe/Berlin\napproval: ${section}\n`,
    'restage.yaml',
    {},
    { shippedFormatNames: [] },
  );

function faultsOf(section: string): readonly string[] {
  try {
    parse(section);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ line, key, message }) => `${line} ${key}: ${message}`);
  }
  return [];
}

test('B10: the rules of approval are read, hours in the zone of the site unless they name one', () => {
  const section = `{ requesters: [members], approvers: [U0BEN, S0EU, "channel:#maint"], approvals: 2,
    large: { recipients: 500, approvals: 3 },
    terminalUsers: { root: U0ANA },
    hours: [{ days: [mon-fri], from: "20:00", until: "06:00" }, { days: [sat], timeZone: UTC }] }`;
  expect(parse(section).config.approval).toEqual({
    requesters: [{ kind: 'channel', channel: null }],
    approvers: [
      { kind: 'user', userId: 'U0BEN' },
      { kind: 'group', groupId: 'S0EU' },
      { kind: 'channel', channel: 'maint' },
    ],
    requesterMayApprove: false,
    approvals: 2,
    large: { recipients: 500, approvals: 3 },
    auditChannel: null,
    terminalUsers: { root: 'U0ANA' },
    hours: [
      { timeZone: 'Europe/Berlin', days: [1, 2, 3, 4, 5], fromMinute: 1200, untilMinute: 360 },
      { timeZone: 'UTC', days: [6], fromMinute: 0, untilMinute: 1440 },
    ],
    expiresAfterMs: 28_800_000,
  });
});

test.each([
  ['{ approvers: [ben] }', "2 approval.approvers[0]: must be a Slack user's id"],
  ['{ approvals: 0 }', '2 approval.approvals: must be a whole number from 1 to 20'],
  ['{ large: { recipients: 5, approvals: 1 } }', '2 approval.large.approvals: must be a whole number from 2'],
  ['{ hours: [{ from: 8 }] }', "2 approval.hours[0].from: must be a time such as '08:00'"],
])('%s is a fault', (section, fault) => {
  expect(faultsOf(section).join()).toContain(fault);
});
