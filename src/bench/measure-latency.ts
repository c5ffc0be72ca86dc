import { setTimeout as sleep } from 'node:timers/promises';
import { openForInspection } from '../app.ts';
import { shippedFormats } from '../alert/shipped-formats.ts';
import { loadConfig } from '../config/load-config.ts';
import { gatherEvidence } from '../workflows/ticket/gather-evidence.ts';
import { loginOf, openMailbox } from './fill-mailbox.ts';
import { writeMail } from './mails.ts';
import { type Measurement, atMostTimes, median } from './measurement.ts';
import { channels, tokens, type World } from './world.ts';

export interface LatencyOptions {
  readonly samples: number;
  readonly say: (text: string) => void;
}

const user = 'bench-latency';
const thresholds = [{ count: 1, within: '1h' }];
/** Slack takes one message a second in a channel: faster, and its limit would be measured. */
const betweenMs = 1_500;

/**
 * From a mail's delivery into Dovecot to its ticket in the workspace, without load, beside what can't be avoided,
 * measured on the same mails: the server's push to a client that idles, the probes, and one call to Slack.
 */
export async function measureLatency(world: World, { samples, say }: LatencyOptions): Promise<Measurement> {
  const devices = Array.from({ length: samples }, (_, index) => ({
    name: `client-${index}`,
    upstream: null,
  }));
  const databaseUrl = await world.postgres.createDatabase();
  const site = world.writeSite({ user, devices, thresholds, databaseUrl });
  const formats = { shippedFormatNames: Object.keys(shippedFormats), requireSecrets: true };
  const bot = world.startBot(site);
  await bot.opened;
  const prober = await openForInspection(loadConfig(site.config, site.env, formats), { log: silentLog });
  const pushes = await watchPushes(world);
  const seen: Record<'ticket' | 'push' | 'probes' | 'call', number[]> = {
    ticket: [],
    push: [],
    probes: [],
    call: [],
  };
  try {
    for (const [index, { name }] of devices.entries()) {
      const mail = writeMail({ index, device: name, server: 'int-38', at: new Date() });
      const ticket = nextTicket(world, name);
      const pushed = pushes.next();
      const since = performance.now();
      const took = () => performance.now() - since;
      const push = pushed.then(took);
      await world.dovecot.deliver(user, mail);
      await ticket();
      seen.ticket.push(took());
      seen.push.push(await push);
      seen.probes.push(
        await timeOf(() => gatherEvidence(prober.deps, name, prober.deps.inventory.find(name))),
      );
      seen.call.push(await timeOf(() => postPlainly(world)));
      await sleep(betweenMs);
    }
  } finally {
    await pushes.close();
    await prober.close();
    await bot.stop();
  }
  const [ticket, push, probes, call] = [seen.ticket, seen.push, seen.probes, seen.call].map(median);
  say(`latency, medians in ms: ticket ${ticket}, IDLE push ${push}, probes ${probes}, API call ${call}`);
  const floors = (push ?? Number.NaN) + (probes ?? Number.NaN) + (call ?? Number.NaN);
  return atMostTimes(
    'delivery to ticket without load, ms against the floors',
    ticket ?? Number.NaN,
    floors,
    1.5,
  );
}

const silentLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  await work();
  return performance.now() - since;
}

/** A client that only idles, as any mail reader does. */
async function watchPushes({ dovecot }: World) {
  const client = openMailbox(loginOf(dovecot, user));
  await client.connect();
  await client.mailboxOpen('INBOX', { readOnly: true });
  void client.idle();
  return {
    next: () => new Promise<void>((resolve) => void client.once('exists', () => resolve())),
    close: async () => client.close(),
  };
}

/** Waits for a ticket that is not there yet: what was measured before has left some of the same name. */
function nextTicket({ workspace }: World, device: string): () => Promise<unknown> {
  const known = new Set(workspace.messages(channels.tickets).map(({ ts }) => ts));
  const posted = () =>
    workspace
      .messages(channels.tickets)
      .find(({ ts, text }) => !known.has(ts) && text.startsWith(`${device}:`));
  return () => workspace.waitFor(posted, `a ticket about ${device}`);
}

/** The least that a post to Slack takes: one HTTP request. */
async function postPlainly({ workspace }: World): Promise<void> {
  const response = await fetch(`${workspace.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tokens.SLACK_BOT_TOKEN}`,
      'content-type': 'application/json; charset=utf-8',
    },
    body: JSON.stringify({ channel: channels.own, text: 'bench' }),
  });
  const answer = (await response.json()) as { ok: boolean; error?: string };
  if (!answer.ok) throw new Error(`the workspace refused a post: ${answer.error}`);
}
