import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draftFormat } from '../../../src/alert/draft/draft-format.ts';
import { renderFormat } from '../../../src/alert/draft/render-format.ts';
import { compileFormats } from '../../../src/alert/formats.ts';
import { readFormat } from '../../../src/alert/read-format.ts';
import { parseConfig } from '../../../src/config/load-config.ts';
import type { Mail } from '../../../src/domain/mail.ts';
import { inventoryOf } from '../../support/inventory-of.ts';
import { type MailParts, mailOf } from '../../support/mail-of.ts';

const receivedAt = new Date('2026-11-23T13:00:00Z');

/** Puts the draft into a config, as a person would, and reads the mail with that. */
function readWithDraft(mail: Mail) {
  const yaml = renderFormat(draftFormat([mail]), ['plain']);
  const { config } = parseConfig(yaml, '/restage.yaml', {}, { shippedFormatNames: ['plain'] });
  const formats = compileFormats(config.formats.filter((format) => typeof format !== 'string'));
  return readFormat(mail, receivedAt, formats, inventoryOf());
}

describe('a format drafted from a mail that none knows', () => {
  test.each<[string, MailParts, object]>([
    [
      'keys and values',
      {
        from: 'pkgd@hub.example.net',
        subject: 'Rollout report',
        text: 'Rollout\n\nNode: int-58.apac.example.net\nArtifact: geo-db_2026.11.2_amd64.deb\nTask: nightly-geo\nSource: int-38\nCause: No space left on device\nRegion: apac\nAttempt: 2\nWhen: 2026-11-23T12:00:00Z\n',
      },
      {
        device: 'int-58.apac.example.net',
        package: 'geo-db_2026.11.2_amd64.deb',
        job: 'nightly-geo',
        distributionServer: 'int-38',
        announced: 'No space left on device',
        failure: 'package',
        region: 'apac',
        attempt: 2,
        at: new Date('2026-11-23T12:00:00Z'),
      },
    ],
    [
      'a host and a package in the subject',
      {
        from: 'pkgd@hub.example.net',
        subject: 'Could not bring geo-db_2026.11.2_amd64.deb to int-58 (timed out)',
        text: 'see log',
      },
      {
        device: 'int-58',
        package: 'geo-db_2026.11.2_amd64.deb',
        failure: 'connection',
      },
    ],
    [
      'an error line in the body',
      {
        from: 'pkgd@hub.example.net',
        subject: 'Nightly run',
        text: 'Starting\nupload to store-17.shops.example.net failed: Permission denied\n',
      },
      {
        device: 'store-17.shops.example.net',
        package: null,
        failure: 'access',
        announced: 'upload to store-17.shops.example.net failed: Permission denied',
      },
    ],
    [
      'nothing but a sender',
      { from: 'root@int-38.eu.example.net', subject: '配信', text: '' },
      { device: 'int-38.eu.example.net', announced: '配信' },
    ],
    [
      'signs that mean something in patterns and in YAML',
      { subject: "[pkg]+(*): it's broken", text: "[a.b]*+ host's (int-58) failed: {x} # 'y'\nHost: -\n" },
      { device: 'int-58' },
    ],
  ])('knows that mail by %s', (_what, parts, alert) => {
    const reading = readWithDraft(mailOf(parts));
    expect(reading).toMatchObject({ state: 'accepted', alerts: [alert] });
  });

  test('whatever a mail says, its draft is a valid config that accepts it: its sender has a host', () => {
    const words = fc.constantFrom(
      'Host: ',
      'Package: ',
      'Error: ',
      'int-38',
      'a.example.net',
      ' failed',
      '\n',
      ' ',
      "'",
      '\\',
      '(?<',
      'x.deb',
    );
    const text = fc
      .array(fc.oneof(words, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 25 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (body, subject) => {
        const mail = mailOf({ from: 'root@int-38.example.net', subject, text: body });
        const reading = readWithDraft(mail);
        expect(reading.state).toBe('accepted');
      }),
      { numRuns: 100 },
    );
  });

  test('a mail without a sender gets a draft that compiles', () => {
    const mail: Mail = { ...mailOf({ subject: '', text: '' }), from: null, headers: new Map() };
    expect(readWithDraft(mail)).toMatchObject({ state: 'dead-letter' });
  });
});
