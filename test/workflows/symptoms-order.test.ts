import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Database } from '../../src/adapters/postgres/database.ts';
import { compileFormats } from '../../src/alert/formats.ts';
import { plainFormat } from '../../src/alert/shipped-formats.ts';
import type { RawMail } from '../../src/domain/mail.ts';
import { symptomKey } from '../../src/domain/symptom.ts';
import { ticketStates } from '../../src/domain/ticket.ts';
import { admit } from '../../src/workflows/intake/admit.ts';
import { readSymptoms } from '../../src/workflows/ticket/read-symptoms.ts';
import { onPglite } from '../support/databases.ts';
import { recoveryFormat } from '../support/recovery-format.ts';
import { type Arrangement, arrangement, replay } from '../support/replay.ts';
import { alertMail, createWorkbench, deviceAt, start, type Workbench } from '../support/workbench.ts';
import { rule } from '../threshold/rules.ts';

const minute = 60_000;
const names = ['int-1', 'int-2', 'int-3'];
const devices = names.map((name, n) => deviceAt(name, `10.0.1.${n}`, null));
const thresholds = [
  rule({ id: 'device', count: 2, withinMs: 30 * minute }),
  rule({ id: 'package', over: 'package', count: 5, withinMs: 30 * minute }),
];

const event = fc.record({
  device: fc.constantFrom(...names),
  minute: fc.integer({ min: 0, max: 40 }),
  failure: fc.constantFrom('connection timed out', 'permission denied'),
  package: fc.constantFrom('geo-db', 'edge'),
  isOver: fc.nat({ max: 3 }).map((n) => n === 0),
});
const story = fc
  .array(event, { minLength: 1, maxLength: 25 })
  .chain((list) => fc.tuple(fc.constant(list), arrangement(list.length), arrangement(list.length)));

/** One of two packages is delivered again. */
const common = { device: 'int-1', failure: 'connection timed out', isOver: false };
const partlyOver = [
  { ...common, minute: 0, package: 'geo-db' },
  { ...common, minute: 1, package: 'edge' },
  { ...common, minute: 2, package: 'geo-db', isOver: true },
];
const inOrder: Arrangement = { order: [0, 1, 2], again: [], batchSize: 3, works: false };
const backwards: Arrangement = { order: [2, 1, 0], again: [1], batchSize: 1, works: false };

const open = onPglite();
let database: Database;
let bench: Workbench;
beforeAll(async () => {
  database = await open();
  const formats = compileFormats([recoveryFormat, plainFormat]);
  bench = await createWorkbench(database, { thresholds, rootCause: null, formats }, devices);
});
afterAll(() => bench.close());

function mailOf({
  device,
  minute: at,
  failure,
  package: name,
  isOver,
}: typeof event extends fc.Arbitrary<infer E> ? E : never): RawMail {
  const mail = alertMail(device, new Date(start.getTime() + at * minute), {
    ...{ Failure: failure, Package: name },
  });
  if (!isOver) return mail;
  const text = new TextDecoder().decode(mail.source).replace('[restage] FAILED', 'RECOVERED');
  return { ...mail, source: new TextEncoder().encode(text) };
}

/** Takes each batch in by so many bots at the same time. */
function withBots(count: number): Workbench {
  const bots = Array.from({ length: count }, () => ({ ...bench.deps }));
  const receive = async (...mails: readonly RawMail[]) => {
    const shares = bots.map((_, bot) => mails.filter((_mail, n) => n % count === bot));
    await Promise.all(bots.map((bot, n) => admit(bot, shares[n] ?? [], null)));
  };
  return { ...bench, receive };
}

/** The tickets, once all has come, with what their symptoms are judged by. */
async function play(mails: readonly RawMail[], arranged: Arrangement, bots: number) {
  await replay(withBots(bots), database, mails, { ...arranged, works: false });
  await bench.work();
  return bench.deps.store.transaction(async (tx) => {
    const tickets = await tx.ticketsIn(ticketStates);
    const symptoms = await readSymptoms(bench.deps, tx, tickets);
    return tickets
      .map(({ id, counter, state, alertCount, firstAt }) => {
        const own = symptoms.filter(({ ticketId }) => ticketId === id);
        const judged = own.map((one) => `${symptomKey(one)} ${one.state} ${one.evidence?.kind ?? ''}`);
        return [counter, state, alertCount, firstAt.toISOString(), ...judged.toSorted()].join('\n');
      })
      .toSorted();
  });
}

it('tickets and their symptoms depend on alerts and recoveries alone, not on their order, their batches or the number of bots', {
  timeout: 240_000,
}, async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(story, async ([list, one, other]) => {
      const mails = list.map(mailOf);
      const tickets = await play(mails, one, 1);
      for (const [state] of tickets.join('\n').matchAll(/ (?:failing|cleared) /g)) seen.add(state.trim());
      expect(await play(mails, other, 3)).toEqual(tickets);
    }),
    { numRuns: inject('isLongRun') ? 24 : 6, examples: [[[partlyOver, inOrder, backwards]]] },
  );
  expect([...seen].toSorted()).toEqual(['cleared', 'failing']);
});
