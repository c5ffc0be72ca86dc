import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CompiledFormat, compileFormats } from '../../src/alert/formats.ts';
import { readAlertMail } from '../../src/alert/read-alert-mail.ts';
import { plainFormat, shippedFormats } from '../../src/alert/shipped-formats.ts';
import type { AlertFormat } from '../../src/domain/policy.ts';
import { inventoryOf } from '../support/inventory-of.ts';
import { type MailParts, mailOf } from '../support/mail-of.ts';

const receivedAt = new Date('2026-11-23T13:00:00Z');
const policy = { domains: ['example.net'], nodes: ['int-38'], relays: [], rejectSubjectWords: [] };
const shipped = compileFormats(Object.values(shippedFormats));
const inventory = inventoryOf({
  name: 'int-38',
  fqdn: 'int-38.eu.example.net',
  ip: '10.20.38.1',
  region: 'eu',
});

function read(parts: MailParts, formats: readonly CompiledFormat[] = shipped) {
  return readAlertMail(mailOf(parts), receivedAt, policy, formats, inventory);
}

const wholeAlert = `Alert-Id: A-17
Region: emea
Device: INT-38.eu.example.net
Recipient: int-58
Domain: EU.example.net
Package: geo-db_2026.11.2_amd64.deb
Failure: Connection timed out
Server: dist-01.core.example.net
Job: J-9
Attempt: 2
At: 2026-11-23T12:59:00Z
Building: B2
Room: 117`;

describe('the plain format', () => {
  test('reads every field', () => {
    expect(read({ text: wholeAlert }).alerts).toEqual([
      {
        alertId: 'A-17',
        region: 'emea',
        device: 'int-38',
        recipient: 'int-58',
        domain: 'eu.example.net',
        package: 'geo-db_2026.11.2_amd64.deb',
        failure: 'connection',
        announced: 'Connection timed out',
        distributionServer: 'dist-01',
        job: 'J-9',
        attempt: 2,
        building: 'B2',
        room: '117',
        at: new Date('2026-11-23T12:59:00Z'),
      },
    ]);
  });

  test('does not mind case and spaces, and takes from elsewhere what the mail leaves out', () => {
    const text =
      ' ALERT ID :  7 \n  device:int-38.eu.example.net.\nfailure  :  Access\nattempt: none\nRecipient: int-38';
    expect(read({ text, subject: 'Distribution failed' }).alerts).toMatchObject([
      {
        alertId: '7',
        device: 'int-38',
        recipient: null,
        region: 'eu',
        domain: 'int-38.eu.example.net',
        failure: 'access',
        announced: 'Access',
        attempt: 1,
        at: receivedAt,
      },
    ]);
  });

  test.each([
    [
      'Alert-Id: 1\nDevice: a\nFailure: x\nAlert-Id: 2\nDevice: b',
      [
        ['1', 'a', 'J'],
        ['2', 'b', 'J'],
      ],
    ],
    [
      'Alert-Id: 1\nRegion: eu\nDevice: a\n\nAlert-Id: 2\nDevice: b\n',
      [
        ['1', 'a', 'J'],
        ['2', 'b', 'J'],
      ],
    ],
    [
      'Device: a\nFailure: x\nDevice: b\nJob: K\nDevice: c',
      [
        [null, 'a', 'J'],
        [null, 'b', 'K'],
        [null, 'c', 'J'],
      ],
    ],
  ])('several alerts in one mail share what stands above them: %j', (blocks, expected) => {
    const reading = read({ text: `Job: J\nServer: dist-01\n\n${blocks}` });
    expect(reading.alerts.map(({ alertId, device, job }) => [alertId, device, job])).toEqual(expected);
    expect(reading.alerts.every(({ distributionServer }) => distributionServer === 'dist-01')).toBe(true);
    expect(reading.gates[2]).toMatchObject({
      reason: 'format-matches',
      values: { format: 'plain', alerts: expected.length },
    });
  });

  test('takes the address of a device it knows, and keeps the name of one it does not, in lower case', () => {
    expect(read({ text: 'Device: 10.20.38.1\nFailure: x' }).alerts[0]?.device).toBe('int-38');
    expect(read({ text: 'Device: INT-99.Example.net\nFailure: x' }).alerts[0]?.device).toBe(
      'int-99.example.net',
    );
    expect(read({ text: 'Device: 2001:db8::7\nFailure: x' }).alerts[0]?.device).toBe('2001:db8::7');
  });

  test.each(['-f', '$(reboot)', '<!channel>', '/dev/sda', 'a;b', '..'])(
    '%s is no device: a person looks at the mail',
    (device) => {
      const reading = read({ text: `Device: ${device}\nFailure: x` });
      expect(reading).toMatchObject({ state: 'dead-letter', format: 'plain', alerts: [] });
      expect(reading.gates.at(-1)).toMatchObject({ gate: 'format', passed: false, reason: 'no-device' });
    },
  );
});

describe('the time of an alert', () => {
  test.each([
    ['2026-11-23T12:59:00Z', '2026-11-23T12:59:00Z'],
    ['2026-11-23 13:59:00 +0100', '2026-11-23T12:59:00Z'],
    ['2026-11-23 12:59:00', '2026-11-23T12:59:00Z'],
    ['Mon, 23 Nov 2026 13:59:00 +0100 (CET)', '2026-11-23T12:59:00Z'],
    ['2026-11-16T13:00:00Z', '2026-11-16T13:00:00Z'],
    ['yesterday', '2026-11-23T12:30:00Z'],
  ])('At: %s is %s; when it is none the Date header counts', (written, at) => {
    const date = new Date('2026-11-23T12:30:00Z');
    expect(read({ text: `Device: a\nFailure: x\nAt: ${written}`, date }).alerts[0]?.at).toEqual(new Date(at));
  });

  test('is when the mail was received, when it bears no time', () => {
    expect(read({}).alerts[0]?.at).toEqual(receivedAt);
  });
});

describe('the gates', () => {
  test('are asked in their order, and none after the one that stops the mail', () => {
    expect(read({}).gates.map(({ gate, passed }) => [gate, passed])).toEqual([
      ['domain', true],
      ['subject', true],
      ['format', true],
      ['node', true],
    ]);
    const gates = (parts: MailParts) => read(parts).gates.map(({ gate, reason }) => `${gate} ${reason}`);
    expect(gates({ from: 'root@evil-example.net', subject: 'Re: x' })).toEqual(['domain domain-not-listed']);
    expect(gates({ subject: 'Re: x', text: 'nothing' })).toEqual(['domain domain-listed', 'subject reply']);
    expect(gates({ text: 'nothing', from: 'root@int-99.example.net' }).at(-1)).toBe(
      'format no-format-matches',
    );
    expect(gates({ from: 'root@int-99.example.net' }).at(-1)).toBe('node node-not-listed');
  });

  test('a mail without a sender is rejected', () => {
    const reading = readAlertMail({ ...mailOf(), from: null }, receivedAt, policy, shipped, inventory);
    expect(reading).toEqual({
      state: 'rejected',
      format: null,
      alerts: [],
      recoveries: [],
      gates: [{ gate: 'domain', passed: false, reason: 'no-sender', values: {} }],
    });
  });

  test('a mail that no format knows is a dead letter', () => {
    expect(read({ text: 'Hello' })).toMatchObject({ state: 'dead-letter', format: null, alerts: [] });
  });

  test('a summary or a success that a format knows is ignored, with the reason that the format gives', () => {
    const format: AlertFormat = {
      ...plainFormat,
      name: 'site',
      ignore: [{ in: 'subject', pattern: 'SUCCESS$', reason: 'success' }],
    };
    const reading = read({ subject: '[sync] SUCCESS' }, compileFormats([format]));
    expect(reading).toMatchObject({ state: 'ignored', format: 'site', alerts: [] });
    expect(reading.gates.at(-1)).toEqual({
      gate: 'format',
      passed: false,
      reason: 'success',
      values: { format: 'site' },
    });
  });
});

describe('hostile mail', () => {
  test('fields are cut and cleaned', () => {
    const text = `Device: int-38\nPackage: ${'p'.repeat(5_000)}\nFailure: bad\u0007\u202e news ${'f'.repeat(5_000)}\nJob: \ud83d\ude00`;
    const [alert] = read({ text }).alerts;
    expect(alert?.package).toHaveLength(300);
    expect(alert?.announced).toHaveLength(500);
    expect(alert?.announced).toMatch(/^bad {2}news f+$/);
    expect(alert?.job).toBe('\ud83d\ude00');
  });

  test('a huge mail is read as far as it is allowed to be, and says what was left out', () => {
    const text = `Device: int-38\nFailure: x\n${'Region : \n'.repeat(200_000)}`;
    const reading = read({ text });
    expect(reading.alerts).toHaveLength(1);
    expect(reading.gates[2]?.values['unreadCharacters']).toBe(text.length - 262_144);
  });

  test('a mail with too many alerts goes to a person', () => {
    const reading = read({ text: 'Device: int-38\nFailure: x\n'.repeat(1_001) });
    expect(reading.state).toBe('dead-letter');
    expect(reading.gates.at(-1)).toMatchObject({ reason: 'too-many-alerts', values: { alerts: 1_001 } });
  });

  test('whatever a mail says, it ends in a state with a reason', () => {
    const words = fc.constantFrom(
      'Device:',
      'Alert-Id:',
      'Failure:',
      '\n',
      ' ',
      'int-38',
      '"item": "',
      '  "failed": true',
      'Host: ',
      'Playbook: ',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(words, fc.string({ unit: 'binary' })), { maxLength: 30 }),
        fc.string({ unit: 'binary' }),
        (parts, subject) => {
          const reading = read({ text: parts.join(''), subject });
          expect(reading.gates.length).toBeGreaterThan(0);
          expect(reading.state === 'accepted').toBe(reading.alerts.length > 0);
        },
      ),
    );
  });
});
