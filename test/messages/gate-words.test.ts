import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { type GateName, gateNames } from '../../src/domain/gate.ts';
import { describeGate } from '../../src/messages/gate-sentence.ts';
import { describeReason } from '../../src/messages/gate-words.ts';

/** What each gate can decide, as the sources have it. */
const reasons: Readonly<Record<GateName, string>> = {
  mime: 'probe partial unreadable header-too-long nested-too-deep too-many-parts too-many-header-fields too-many-encoded-words took-too-long ended-its-reader',
  domain:
    'domain-listed no-domain-list token-verified no-sender no-sender-lists domain-not-listed domain-out-of-scope re-admitted',
  subject: 'no-reply-or-forward reply forward resent bounce auto-reply list-mail site-word',
  time: 'zone-of-source site-zone-fits region-zone-fits date-offset-fits utc-fits several-zones-fit zone-not-known',
  node: 'no-node-list no-sender node-listed node-not-listed node-out-of-scope reporting-node-listed reporting-node-not-listed reporting-node-out-of-scope',
  format:
    'format-matches no-format-matches recovery no-device too-many-alerts success notice told-by-its-task pending-updates log-summary disk-array-event',
  threshold:
    'threshold-met below-threshold population-unknown joins-the-live-ticket no-rule-fits ticket-is-open ticket-under-examination ticket-joined explained-otherwise left-of-another-ticket joined-attempt window-passed root-cause recovered-while-held',
  outage: 'no-outage out-for-maintenance outage-at-another-time counted-after-outage',
  diagnosis:
    'no-ticket not-looked-at not-probed several-devices device-down network-down reachable inconclusive device-down-after-last-look network-down-after-last-look reachable-after-last-look inconclusive-after-last-look flapping recovered-while-held opened-by-hand',
  location: 'in-inventory not-in-inventory',
  route:
    'ticket-shown routing-rule building-queue next-staffed-in-list nearest-staffed-building region-channel region-not-known region-not-configured',
  paging:
    'no-rule-matches rule-matches policy-not-configured switched-off switched-off-until snoozed no-answer reached-nobody quiet-hours nobody-acknowledged',
};
const pairs = gateNames.flatMap((gate) => reasons[gate].split(' ').map((reason) => [gate, reason] as const));

const values = {
  counter: 'connection|device:int-58',
  device: 'int-58',
  verdict: 'device-down',
  because: 'It does not answer.',
  channel: 'maint-eu',
  policy: 'night',
};

/** Codes have hyphens; without them `zone-not-known` would still be one. */
function codeIn(text: string, reason: string): boolean {
  return reason.includes('-') && (text.includes(reason) || text.includes(`(${reason.replaceAll('-', ' ')})`));
}

describe('a gate in Slack', () => {
  it.each(pairs)('%s: %s is said in a sentence, without the code', (gate, reason) => {
    const sentence = describeGate({ gate, passed: false, reason, values }, 'UTC');
    expect(codeIn(sentence, reason)).toBe(false);
    expect(sentence).toMatch(/^:no_entry: \S.*\.$/);
    expect(sentence).not.toContain('About ');
    expect(describeReason(reason)).not.toBe(reason.replaceAll('-', ' '));
  });

  test('every reason that a source gives to a gate is in the table', () => {
    const folder = path.resolve(import.meta.dirname, '../../src');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const source = files.map((name) => readFileSync(path.join(folder, name), 'utf8')).join('\n');
    const given = [...source.matchAll(/\b(?:passed|stopped)\(\s*'([a-z]+)',\s*'([a-z-]+)'/g)];
    expect(given.length).toBeGreaterThan(20);
    const known = new Set(pairs.map((pair) => pair.join(': ')));
    expect(given.map(([, gate, reason]) => `${gate}: ${reason}`).filter((pair) => !known.has(pair))).toEqual(
      [],
    );
  });

  test('an outage that ended a ticket is named as it is', () => {
    expect(describeReason('out-for-maintenance: int-58, disk <swap>')).toBe(
      'it is out for maintenance (int-58, disk &lt;swap&gt;)',
    );
    expect(describeReason('our-own-word')).toBe('our own word');
  });
});
