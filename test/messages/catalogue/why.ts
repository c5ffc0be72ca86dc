import { type GateResult, gateNames, stopped } from '../../../src/domain/gate.ts';
import { dropForm, renderDropped } from '../../../src/messages/drop-form.ts';
import { describeGate } from '../../../src/messages/gate-sentence.ts';
import { describeCountNow, describeTold, describeTurnedAway } from '../../../src/messages/why-device.ts';
import { describeFailing, describeOver } from '../../../src/messages/why-ticket.ts';
import { renderWhy } from '../../../src/messages/why.ts';
import { options } from '../fixtures.ts';
import { entriesOf, type Entry } from './entry.ts';

const { timeZone, now } = options;
const values = { domain: 'evil.example', device: 'int-58', because: 'timed out', until: now.toISOString() };
const gates: readonly GateResult[] = gateNames.map((gate) => stopped(gate, 'some-reason', values));
const alert = {
  ...{
    mailId: 3,
    device: 'int-58',
    failure: 'connection',
    package: 'geo-db',
    job: 'J1',
    format: 'plain',
    at: now,
  },
  ...{ ticketId: 12, state: 'ticketed', counter: 'connection|device:int-58' },
} as unknown as Parameters<typeof describeTold>[0];
const mail = {
  ...{ id: 3, receivedAt: now, state: 'rejected', gate: 'domain', reason: 'domain-not-listed' },
  subject: 'int-58 failed',
} as unknown as Parameters<typeof describeTurnedAway>[0];
const count = {
  ...{ counter: 'connection|device:int-58', rule: 'thresholds[0]', counted: 2, needed: 3, of: 'alerts' },
  ...{ withinMs: 1_800_000, reason: 'below-threshold', met: false },
} as Parameters<typeof describeCountNow>[0];
const symptom = {
  ...{
    ticketId: 12,
    device: 'int-58',
    recipient: 'client-1',
    failure: 'package',
    package: 'geo-db',
    job: 'J1',
  },
  ...{ service: 'disk', series: null, firstAt: now, lastAt: now, longestGapMs: 60_000, occurrences: 3 },
  ...{ state: 'failing', evidence: null },
} as Parameters<typeof describeOver>[0];
const wanted = [
  { kind: 'word', quietMs: null },
  { kind: 'repaired', quietMs: 7_200_000 },
] as const;

/** Every sentence of an answer to *why*, each as often as a list is long. */
function renderSentences(
  seen: readonly GateResult[],
  alerts: readonly (typeof alert)[],
  mails: readonly (typeof mail)[],
  counts: readonly (typeof count)[],
  symptoms: readonly (typeof symptom)[],
) {
  const of = (title: string, lines: readonly string[]) => ({ title, lines });
  return renderWhy({
    title: 'int-58',
    answer: 'There is no ticket.',
    parts: [
      of(
        'Gates',
        seen.map((gate) => describeGate(gate, timeZone)),
      ),
      of('Mails', [
        ...alerts.map((one) => describeTold(one, timeZone)),
        ...mails.map((one) => describeTurnedAway(one, timeZone)),
      ]),
      of('Counts', counts.map(describeCountNow)),
      of(
        'Fails',
        symptoms.map((one) => describeFailing(one, wanted, timeZone)),
      ),
      of(
        'Over',
        symptoms.map((one) => describeOver({ ...one, state: 'withdrawn' }, timeZone)),
      ),
    ],
    hint: null,
  });
}

const dropped = [symptom, { ...symptom, recipient: null, package: null, job: null, service: null }];

export const whyEntries: readonly Entry[] = [
  ...entriesOf(dropForm, [{ id: 12, subject: 'int-58' }, dropped]),
  ...entriesOf(renderDropped, [dropped, 'U0ANNA', 'it was sold']),
  ...entriesOf(renderWhy, [{ title: 'int-58', answer: 'No ticket.', parts: [], hint: '`/restage why 1`' }]),
  ...entriesOf(renderSentences, [gates, [alert], [mail], [count], [symptom]]),
];
