import { describe, expect, test } from 'vitest';
import { compileFormats } from '../../src/alert/formats.ts';
import { readAlertMail } from '../../src/alert/read-alert-mail.ts';
import { plainFormat, shippedFormats } from '../../src/alert/shipped-formats.ts';
import type { AlertFormat } from '../../src/domain/policy.ts';
import { inventoryOf } from '../support/inventory-of.ts';
import { type MailParts, mailOf } from '../support/mail-of.ts';

const date = new Date('2026-11-23T12:59:00Z');
const shipped = Object.values(shippedFormats);

function read(parts: MailParts, formats: readonly AlertFormat[] = shipped) {
  const policy = { domains: ['example.net'], nodes: ['int-*'], relays: ['dist-01'], rejectSubjectWords: [] };
  const inventory = inventoryOf({ name: 'int-58', ip: '10.20.58.1' });
  const receivedAt = new Date('2026-11-23T13:00:00Z');
  return readAlertMail(mailOf({ date, ...parts }), receivedAt, policy, compileFormats(formats), inventory);
}

const nagios = (lines: string): MailParts => ({
  from: 'nagios@dist-01.core.example.net',
  subject: '** RECOVERY **',
  text: `***** Nagios *****\n\nNotification Type: RECOVERY\n${lines}`,
});

describe('a mail that says that something works again', () => {
  test.each<[string, MailParts, string, string | null, string | null, string?]>([
    [
      'a host is up',
      nagios('Host: int-07.us-west.example.net\nState: UP\nAddress: 10.20.7.1\nInfo: PING OK'),
      'int-07.us-west.example.net',
      null,
      null,
      'Host',
    ],
    [
      'a service under an alias is well',
      nagios(
        '\nService: Package voice-prompts-jp\nHost: Tokyo int-58\nAddress: 10.20.58.1\nState: OK\n\nAdditional Info:\n\nOK',
      ),
      'int-58',
      'voice-prompts-jp',
      null,
      'Package voice-prompts-jp',
    ],
    [
      'a mirror is in sync',
      { from: 'mirror@int-41.eu.example.net', subject: '[ftpsync-security@int-41] SUCCESS', text: 'done' },
      'int-41',
      null,
      'ftpsync-security',
    ],
  ])('is recorded and makes no alert: %s', (_what, parts, device, packageName, job, service) => {
    const reading = read(parts);
    expect(reading).toMatchObject({ state: 'ignored', alerts: [] });
    expect(reading.gates[2]).toMatchObject({ gate: 'format', passed: false, reason: 'recovery' });
    const named = { device, failure: null, package: packageName, job, ...(service && { service }) };
    expect(reading.recoveries).toEqual([{ ...named, at: date }]);
  });

  test('is limited to a failure type where it names one, and may speak of several devices', () => {
    const format: AlertFormat = {
      ...plainFormat,
      recovers: [{ in: 'subject', pattern: 'works again$' }],
      extract: [...plainFormat.extract, { in: 'body', pattern: '^Type: (?<failure>\\S+)' }],
    };
    const text = 'Device: int-38\nJob: J\nType: access\n\nDevice: int-41\nJob: K';
    const { recoveries } = read({ subject: 'The mirror works again', text }, [format]);
    expect(recoveries.map(({ device, failure, job }) => [device, failure, job])).toEqual([
      ['int-38', 'access', 'J'],
      ['int-41', null, 'K'],
    ]);
  });

  test('is believed from those alone whose alerts are', () => {
    const subject = '[ftpsync@int-41] SUCCESS';
    const stranger = read({ from: 'mirror@laptop-3.example.net', subject, text: 'done' });
    expect(stranger).toMatchObject({ state: 'rejected', recoveries: [] });
    expect(stranger.gates.at(-1)).toMatchObject({ gate: 'node', reason: 'node-not-listed' });
    expect(read({ from: 'mirror@evil.example', subject, text: 'done' }).state).toBe('rejected');
  });

  test.each(['ACKNOWLEDGEMENT', 'DOWNTIMESTART', 'FLAPPINGSTOP'])(
    'a notice of Nagios is neither failure nor recovery: %s',
    (type) => {
      const { text, ...parts } = nagios('Host: int-58\nState: DOWN\nAddress: 10.20.58.1');
      const reading = read({ ...parts, text: text?.replace('RECOVERY', type) ?? '' });
      expect(reading).toMatchObject({ state: 'ignored', recoveries: [] });
      expect(reading.gates.at(-1)?.reason).toBe('notice');
    },
  );
});
