import { expect, test } from 'vitest';
import { createMetrics } from '../../src/adapters/metrics/metrics.ts';

test('A1: /metrics counts by state and by intake, and forgets what is not there any more', async () => {
  const snapshot = {
    mails: { accepted: 7, rejected: 2 },
    alerts: { counted: 3 },
    tickets: { open: 1 },
    deliveries: { pending: 0, failed: 4 },
    lagSeconds: { 'imap:alerts': 1.5 },
    lastMailSeconds: { 'imap:alerts': 60 },
    connected: { 'imap:alerts': 1, smtp: 0 },
  };
  const snapshots = [snapshot, { ...snapshot, tickets: { resolved: 1 } }];
  const metrics = createMetrics(async () => snapshots.shift() ?? snapshot);
  const { text, contentType } = await metrics.render();
  expect(contentType).toContain('text/plain');
  for (const line of [
    'restage_mails{state="accepted"} 7',
    'restage_alerts{state="counted"} 3',
    'restage_tickets{state="open"} 1',
    'restage_deliveries{state="failed"} 4',
    'restage_intake_lag_seconds{intake="imap:alerts"} 1.5',
    'restage_intake_last_mail_seconds{intake="imap:alerts"} 60',
    'restage_intake_connected{intake="smtp"} 0',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  expect((await metrics.render()).text).not.toContain('state="open"');
});
