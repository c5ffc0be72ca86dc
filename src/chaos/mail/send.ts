import { setTimeout as sleep } from 'node:timers/promises';
import type { RoundPlan } from '../plan.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { doors as doorNames, type Door, type PlannedAlert, planAlerts, shuffle } from './alerts.ts';
import type { Doors, SentAlert } from './doors.ts';

const largestBatch = 10;

/** Sends all alerts of a round by three senders, one for each door, spread over its time; resolves when all are accepted. */
export async function sendAlerts(plan: RoundPlan, doors: Doors, random: SeededRandom): Promise<void> {
  const alerts = planAlerts(plan, random);
  const inTwoOrders = plan.faults.some(({ name }) => name === 'two-orders');
  const at = new Date();
  await Promise.all([
    ...doorNames.map((door) => {
      const own = alerts.filter((alert) => alert.door === door);
      return sendBy(door, inBatches(own, random), { plan, doors, at, first: random.between(0, plan.bots) });
    }),
    ...(inTwoOrders ? sendInTwoOrders(alerts, doors, at, random) : []),
  ]);
}

interface Sending {
  readonly plan: RoundPlan;
  readonly doors: Doors;
  readonly at: Date;
  /** The bot that is tried first. */
  readonly first: number;
}

async function sendBy(
  door: Door,
  batches: readonly Batch[],
  { plan, doors, at, first }: Sending,
): Promise<void> {
  const since = performance.now();
  for (const [n, batch] of batches.entries()) {
    await sleep(Math.max(0, (n / batches.length) * plan.sendForMs - (performance.now() - since)));
    const alerts = batch.map((alert) => toSent(alert, at));
    const again = batch.filter(({ copies }) => copies > 1).map((alert) => toSent(alert, at));
    if (door === 'imap') await doors.imap([...alerts, ...again]);
    if (door === 'http') await doors.http([...alerts, ...again], first);
    if (door === 'smtp') for (const alert of [...alerts, ...again]) await doors.smtp(alert, first);
  }
}

type Batch = readonly PlannedAlert[];

function inBatches(alerts: Batch, random: SeededRandom): readonly Batch[] {
  const batches: Batch[] = [];
  for (let from = 0; from < alerts.length; ) {
    const size = random.between(1, largestBatch + 1);
    batches.push(alerts.slice(from, from + size));
    from += size;
  }
  return batches;
}

/** The mails of the listener once more to both bots at the same moment, each in an order of its own. */
function sendInTwoOrders(
  alerts: Batch,
  doors: Doors,
  at: Date,
  random: SeededRandom,
): readonly Promise<void>[] {
  const json = alerts.filter(({ door }) => door === 'http');
  return [0, 1].map(async (bot) => {
    const order = shuffle(json, random).map((alert) => toSent(alert, at));
    for (let from = 0; from < order.length; from += largestBatch) {
      await doors.http(order.slice(from, from + largestBatch), bot);
    }
  });
}

/** All are of the last minute. */
function toSent({ index, device }: PlannedAlert, at: Date): SentAlert {
  return { index, device, at };
}
