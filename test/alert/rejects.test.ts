import { describe, expect, test } from 'vitest';
import { compileFormats } from '../../src/alert/formats.ts';
import { readAlertMail } from '../../src/alert/read-alert-mail.ts';
import { shippedFormats } from '../../src/alert/shipped-formats.ts';
import { inventoryOf } from '../support/inventory-of.ts';
import { fixturesReceivedAt, listFixtures, readFixture } from '../support/mail-fixtures.ts';

const policy = {
  domains: ['example.net'],
  nodes: ['int-*', 'dist-01', 'noc'],
  relays: [],
  rejectSubjectWords: [],
};
const formats = compileFormats(Object.values(shippedFormats));

const reasons: Readonly<Record<string, string>> = {
  bounce: 'bounce',
  forward: 'forward',
  reply: 'reply',
  resent: 'resent',
  vacation: 'auto-reply',
};

describe('what people and mail programs send about an alert', () => {
  test.each(listFixtures('reject'))('%s is rejected by the subject gate, and says why', async (path) => {
    const reading = readAlertMail(
      await readFixture(path),
      fixturesReceivedAt,
      policy,
      formats,
      inventoryOf(),
    );
    const kind = /reject\/([a-z]+)/.exec(path)?.[1] ?? '';
    expect(reading.state).toBe('rejected');
    expect(reading.gates.at(-1)).toMatchObject({ gate: 'subject', passed: false, reason: reasons[kind] });
  });
});
