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
  let nowMs = 0;
  const read = async () => {
    nowMs += 500;
    return snapshots.shift() ?? snapshot;
  };
  const metrics = createMetrics(read, () => nowMs);
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
  nowMs += 9_999;
  const both = await Promise.all([metrics.render(), metrics.render()]);
  // Reading takes no more than a twentieth of the time, however often somebody asks.
  expect(snapshots).toHaveLength(1);
  expect(both[1]?.text).toContain('state="open"');
  nowMs += 1;
  expect((await metrics.render()).text).not.toContain('state="open"');
});

test('A1: /metrics is read anew after it could not be read', async () => {
  let isAway = true;
  const empty = { mails: {}, alerts: {}, tickets: {}, deliveries: {} };
  const none = { lagSeconds: {}, lastMailSeconds: {}, connected: {} };
  const metrics = createMetrics(async () => {
    if (isAway) throw new Error('the database is away');
    return { ...empty, ...none };
  });
  await expect(metrics.render()).rejects.toThrow('away');
  isAway = false;
  expect((await metrics.render()).contentType).toContain('text/plain');
});
