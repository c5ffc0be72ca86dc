import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { draftFormat } from '../../../src/alert/draft/draft-format.ts';
import { compileFormats } from '../../../src/alert/formats.ts';
import { readFormat } from '../../../src/alert/read-format.ts';
import type { Mail } from '../../../src/domain/mail.ts';
import { inventoryOf } from '../../support/inventory-of.ts';
import { mailOf } from '../../support/mail-of.ts';
import { readMime } from '../../support/mime-reader.ts';

const folder = new URL('../../fixtures/unknown-mail/', import.meta.url);
const receivedAt = new Date('2026-11-23T13:30:00Z');
const noDevice = () => false;

const fixture = (name: string): Promise<Mail> =>
  readMime({ source: readFileSync(new URL(`${name}.eml`, folder)), via: 'file:x', receivedAt });

function drafted(wanted: readonly Mail[], others: readonly Mail[] = [], taken: readonly string[] = []) {
  const format = draftFormat(wanted, { others, isKnownDevice: noDevice, taken });
  const formats = compileFormats([format]);
  const read = (mail: Mail) => {
    const reading = readFormat(mail, receivedAt, formats, inventoryOf());
    if (reading.state === 'accepted') return ['fails', reading.alerts[0]?.device];
    return [reading.gate.reason, reading.recoveries[0]?.device ?? null];
  };
  return { format, read };
}

const push = (host: string, what: string, more: { readonly from?: string; readonly text?: string } = {}) =>
  mailOf({
    from: more.from ?? 'pkgd@hub.example.net',
    subject: `[pkgd] push to ${host} ${what}`,
    text:
      more.text ??
      `Target: ${host}\nHost: hub.example.net\nStatus: ${what}\n\nThis is an automatic report of pkgd.\n`,
  });

describe('a draft from the mail of a real monitor', () => {
  test('finds the device that failed, not the one that reports, and takes no success for a failure', async () => {
    const [failed, succeeded] = [
      await fixture('monit-01-connection-failed'),
      await fixture('monit-02-connection-succeeded'),
    ];
    const { format, read } = drafted([failed]);
    expect(format.name).toBe('monit');
    expect(read(failed)).toEqual(['fails', 'int-58.apac.example.net']);
    expect(read(succeeded)).toEqual(['recovery', 'int-58.apac.example.net']);
  });

  test('knows success and recovery also where only that was shown', async () => {
    const succeeded = await fixture('monit-02-connection-succeeded');
    expect(drafted([succeeded]).read(succeeded)).toEqual(['recovery', 'int-58.apac.example.net']);
  });

  test('takes no disk for a device', async () => {
    const failed = await fixture('smartd-01-pending-sectors');
    const { format, read } = drafted([failed]);
    expect(read(failed)).toEqual(['fails', 'int-41']);
    expect(format.name).toBe('smart');
  });

  test('is bound to the tool’s own words: a colleague’s mail with the same keys is none of it', async () => {
    const lunch = await fixture('colleague-01-lunch');
    const failed = await fixture('monit-01-connection-failed');
    expect(drafted([failed]).read(lunch)).toEqual(['no-format-matches', null]);
    expect(drafted([failed], [lunch]).read(lunch)).toEqual(['no-format-matches', null]);
  });
});

describe('a draft from several mails', () => {
  test('reads all of them, on whatever device, and later ones of the kind', () => {
    const { read } = drafted([push('int-38', 'failed'), push('int-58', 'timed out')]);
    expect(read(push('int-38', 'failed'))).toEqual(['fails', 'int-38']);
    expect(read(push('int-58', 'timed out'))).toEqual(['fails', 'int-58']);
    expect(read(push('client-7', 'failed'))).toEqual(['fails', 'client-7']);
    expect(read(push('client-7', 'succeeded'))).toEqual(['recovery', 'client-7']);
  });

  test.each<[string, Mail]>([
    [
      'of another tool with the same keys',
      push('int-38', 'failed', {
        from: 'other@hub.example.net',
        text: 'Target: int-38\nStatus: failed\n\nThis is an automatic report of fetchd.\n',
      }),
    ],
    [
      'of a person who answers about it',
      mailOf({
        from: 'ana@ops.example.net',
        subject: 'push to int-38 failed again?',
        text: 'Host: Ana\nTarget: int-38\nStatus: failed',
      }),
    ],
    [
      'of the same tool about something else',
      mailOf({
        from: 'pkgd@hub.example.net',
        subject: '[pkgd] daily report',
        text: 'Target: int-38\nHost: hub.example.net\nStatus: failed\n\nThis is an automatic report of pkgd.\n',
      }),
    ],
  ])('keeps the mail apart that it must not take: %s', (_what, other) => {
    const wanted = [push('int-38', 'failed'), push('int-58', 'failed')];
    const { read } = drafted(wanted, [other]);
    expect(wanted.map((mail) => read(mail)[0])).toEqual(['fails', 'fails']);
    expect(read(other)[0]).not.toBe('fails');
  });

  test('has a name of its own, whatever exists', () => {
    const names = ['pkgd', 'pkgd-2'];
    expect(drafted([push('int-38', 'failed')]).format.name).toBe('pkgd');
    expect(drafted([push('int-38', 'failed')], [], names).format.name).toBe('pkgd-3');
  });
});
