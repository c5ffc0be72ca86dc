import { describe, expect, test } from 'vitest';
import { checkSubject } from '../../src/alert/subject-gate.ts';
import { type MailParts, mailOf } from '../support/mail-of.ts';

const policy = { domains: [], nodes: [], relays: [], rejectSubjectWords: ['forward', 'test mail'] };
const check = (parts: MailParts) => checkSubject(mailOf(parts), policy);

describe('the subject gate', () => {
  test.each([
    ['Re: Failed: geo-db', 'reply'],
    ['RE[2]: Failed', 'reply'],
    ['re (3): Failed', 'reply'],
    ['Re^2: Failed', 'reply'],
    ['AW: Failed', 'reply'],
    ['Antw: Failed', 'reply'],
    ['SV: Failed', 'reply'],
    ['VS: Failed', 'reply'],
    ['RIF: Failed', 'reply'],
    ['Odp: Failed', 'reply'],
    ['Rép : Failed', 'reply'],
    ['Re\u0301p: Failed', 'reply'],
    ['回复：配信失敗', 'reply'],
    ['[dist-alerts] Re: Failed', 'reply'],
    ['[dist-alerts] [EXTERNAL] AW: Failed', 'reply'],
    ['Fwd: Failed', 'forward'],
    ['FW: Failed', 'forward'],
    ['WG: Failed', 'forward'],
    ['TR : Failed', 'forward'],
    ['RV: Failed', 'forward'],
    ['ENC: Failed', 'forward'],
    ['VL: Failed', 'forward'],
    ['转发: Failed', 'forward'],
    ['転送: Failed', 'forward'],
    ['[list] Fwd: Failed', 'forward'],
    ['[root@int-38.example.net: Failed]', 'forward'],
    ['Failed (fwd)', 'forward'],
    ['Automatic reply: Failed', 'auto-reply'],
    ['Out of Office: Failed', 'auto-reply'],
    ['away from my mail', 'auto-reply'],
    ['Undelivered Mail Returned to Sender', 'bounce'],
    ['Delivery Status Notification (Failure)', 'bounce'],
    ['failure notice', 'bounce'],
    ['Please forward!', 'site-word'],
    ['This is a TEST-MAIL', 'site-word'],
  ])('%s is stopped: %s', (subject, reason) => {
    expect(check({ subject })).toMatchObject({
      gate: 'subject',
      passed: false,
      reason,
      values: { subject: subject.normalize('NFC') },
    });
  });

  test.each([
    'Failed: Destination /srv/dist/packages not writable',
    'Unreachable: Failed to connect',
    '[ftpsync@int-38] ERROR: rsync errors',
    '** PROBLEM Service Alert: Tokyo int-58/HTTP portal is CRITICAL **',
    'Cron <root@int-38> rsync -a',
    'Report: re-run needed',
    'Retry: geo-db',
    'Forwarding table full',
    'Failure notice from the package mirror: geo-db',
    'Delivery of geo-db failed',
    '配信失敗: voice-prompts-jp',
    '',
  ])('%j is let through', (subject) => {
    expect(check({ subject })).toMatchObject({ passed: true, reason: 'no-reply-or-forward' });
  });

  test.each([
    ['bounce', { headers: { 'return-path': '<>' } }],
    ['bounce', { headers: { 'content-type': 'multipart/report; report-type=delivery-status' } }],
    ['bounce', { headers: { 'x-failed-recipients': 'a@example.net' } }],
    ['bounce', { from: 'MAILER-DAEMON@int-38.eu.example.net' }],
    ['auto-reply', { headers: { 'auto-submitted': 'Auto-Replied; owner-email="a@example.net"' } }],
    ['auto-reply', { headers: { precedence: 'auto_reply' } }],
    ['auto-reply', { headers: { 'x-autoreply': 'yes' } }],
    ['auto-reply', { headers: { 'x-autoresponse': 'yes' } }],
    ['list-mail', { headers: { 'content-type': 'multipart/digest; boundary=a' } }],
    ['list-mail', { headers: { 'x-list-administrivia': 'yes' } }],
    ['forward', { headers: { 'x-forwarded-message-id': '<1@example.net>' } }],
    ['resent', { headers: { 'resent-from': 'a@example.net', 'auto-submitted': 'auto-generated' } }],
    ['reply', { headers: { 'in-reply-to': '<1@example.net>' } }],
    ['reply', { headers: { references: '<1@example.net>' } }],
  ] satisfies [string, MailParts][])('headers of a %s stop the mail: %j', (reason, parts) => {
    expect(check(parts)).toMatchObject({ passed: false, reason });
  });

  test.each([
    { 'auto-submitted': 'auto-generated' },
    { 'auto-submitted': 'auto-generated', references: '<1@example.net>' },
    { precedence: 'bulk', 'list-id': '<dist-alerts.example.net>' },
    { 'return-path': '<root@int-38.eu.example.net>' },
  ])('what alerts themselves say is no reason to stop them: %j', (headers) => {
    expect(check({ headers })).toMatchObject({ passed: true });
  });

  test('a hostile subject is cut and cleaned before it is kept', () => {
    const result = check({ subject: `Failed\u0000\r\n${'x'.repeat(100_000)}\u202e` });
    expect(result.values['subject']).toHaveLength(300);
    expect(result.values['subject']).toMatch(/^Failed x+$/);
  });
});
