import { fillMailbox } from './fill-mailbox.ts';
import { writeMails } from './mails.ts';
import { type Measurement, atMost, exactly } from './measurement.ts';
import { audit, waitUntilDone, watchPostgres } from './progress.ts';
import { channels, type World } from './world.ts';

export interface StormOptions {
  readonly mails: number;
  readonly say: (text: string) => void;
}

const user = 'bench-storm';
const server = 'int-38';
const deviceCount = 500;
const deviceOf = (index: number) => `client-${index % deviceCount}`;
/** Each device alone would make a ticket, the server's failures together make one. */
const thresholds = [
  { count: 4, within: '1h' },
  { failure: 'connection', over: 'server', count: 20, within: '1h' },
];
const mostPosts = 60;
const mostMegabytes = 400;

/** One distribution fails for all devices behind a server: one ticket, nothing lost, few messages, little memory. */
export async function measureStorm(world: World, { mails, say }: StormOptions): Promise<Measurement[]> {
  say(`storm: filling a mailbox with ${mails} mails`);
  const plan = { count: mails, device: deviceOf, server: () => server };
  await fillMailbox(world.dovecot, user, writeMails(plan, new Date()));
  const databaseUrl = await world.postgres.createDatabase();
  const names = Array.from({ length: deviceCount }, (_, index) => deviceOf(index));
  const devices = [{ name: server, upstream: null }, ...names.map((name) => ({ name, upstream: server }))];
  const site = world.writeSite({ user, devices, thresholds, databaseUrl });
  const callsBefore = world.workspace.calls().length;
  const progress = watchPostgres(databaseUrl);
  const bot = world.startBot(site);
  try {
    const opened = await bot.opened;
    const done = await waitUntilDone(progress, mails, opened);
    say(`storm: all taken in after ${Math.round((done.getTime() - opened.getTime()) / 1000)} s`);
    await waitUntilTold(world, mails);
    const { alerts, tickets, balanced } = await audit(site);
    const alertCount = balanced ? Object.values(alerts).reduce((sum, count) => sum + count, 0) : -1;
    const isMessage = ({ method }: { method: string }) => /^chat\.(postMessage|update)$/.test(method);
    const messages = world.workspace.calls().slice(callsBefore).filter(isMessage).length;
    return [
      exactly('storm: tickets open at the end', tickets.open ?? 0, 1),
      exactly('storm: alerts accounted for', alertCount, mails),
      atMost('storm: posts and edits', messages, mostPosts),
      atMost('storm: peak memory of the bot, MB', bot.peakBytes() / 1e6, mostMegabytes),
    ];
  } finally {
    await progress.close();
    await bot.stop();
  }
}

const toldTimeoutMs = 30_000;

/** The ticket's message says in the end how many alerts there were. */
async function waitUntilTold({ workspace }: World, mails: number): Promise<void> {
  const told = () => workspace.messages(channels.tickets).some(({ text }) => text.includes(`${mails} alert`));
  await workspace.waitFor(told, `a ticket with ${mails} alerts`, toldTimeoutMs);
}
