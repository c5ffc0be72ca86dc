import { describe, expect, test } from 'vitest';
import { type DigestTicket, renderDigest } from '../../src/messages/digest.ts';
import { ticket as shownTicket } from './fixtures.ts';
import { readText, slackComplaints } from './reading.ts';

const options = {
  timeZone: 'Europe/Berlin',
  now: new Date('2026-11-23T07:00:00Z'),
  postAt: new Date('2026-11-23T07:00:00Z'),
};
const ticket = (changes: Partial<DigestTicket> = {}): DigestTicket => ({
  title: `${changes.subject ?? 'int-38'}: connection error`,
  ...shownTicket(),
  device: 'int-38',
  saidBuilding: null,
  saidRoom: null,
  lookAt: null,
  checkAt: null,
  told: null,
  ...changes,
});
const many = (count: number) =>
  Array.from({ length: count }, (_, n) => ticket({ id: n + 1, subject: `int-${n + 1}`, alertCount: n + 1 }));

describe('A15: a digest', () => {
  test('lists the heaviest tickets first, those that are over last, with their counts', () => {
    const tickets = [
      ticket({ id: 1, subject: 'int-1', alertCount: 3 }),
      ticket({ id: 2, subject: 'int-2', alertCount: 900, state: 'resolved' }),
      ticket({ id: 3, subject: 'int-3', alertCount: 12 }),
    ];
    const text = readText(renderDigest(tickets, options));
    expect(text).toContain('Digest: 2 open tickets, 15 alerts; 1 over');
    expect(text).toMatch(/int-3[^]*12 alerts[^]*int-1[^]*3 alerts[^]*int-2[^]*900 alerts[^]*over/);
  });

  test.each([1, 60])('says of %i tickets that all are over, and offers none', (count) => {
    const message = renderDigest(
      many(count).map((one) => ({ ...one, state: 'resolved' as const })),
      options,
    );
    expect(message.text).toMatch(/^Digest: \d+ tickets?, over$/);
    expect(JSON.stringify(message.blocks)).not.toContain('"value"');
    expect(readText(message)).not.toContain('resolved');
  });

  test.each([1, 12, 13, 52, 400])('of %i tickets lets each be taken up, within Slack’s limits', (count) => {
    const message = renderDigest(many(count), options);
    expect(slackComplaints(message)).toEqual([]);
    const blocks = JSON.stringify(message.blocks);
    const buttons = blocks.split('"type":"button"').length - 1;
    expect(buttons).toBe(Math.min(count, 12));
    const offered = blocks.match(/"value":"\d+"/g)?.length ?? 0;
    expect(offered).toBe(Math.min(count, 52));
  });

  test('says what was taken up, and puts it last', () => {
    const told = { alertCount: 9, deviceCount: 1, packages: [], failures: [], at: '', lines: 1 };
    const tickets = [
      ticket({ id: 1, alertCount: 9, told }),
      ticket({ id: 2, subject: 'int-2', alertCount: 3 }),
    ];
    const message = renderDigest(tickets, options);
    expect(readText(message)).toMatch(/int-2[^]*int-38[^]*taken up/);
    expect(JSON.stringify(message.blocks).match(/"value":"\d+"/g)).toEqual(['"value":"2"']);
  });

  test('rings nobody, whatever a device is called', () => {
    const nasty = many(20).map((one) => ({ ...one, title: '<!channel>: <@U1>' }));
    const message = renderDigest(nasty, options);
    expect(slackComplaints(message)).toEqual([]);
    expect(readText(message).replaceAll(/<!date[^>]*>/g, '')).not.toMatch(/<[!@]/);
  });
});
