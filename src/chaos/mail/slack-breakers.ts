import { setTimeout as sleep } from 'node:timers/promises';
import type { Breaker, Strike } from './strike.ts';
import type { SupervisedBot } from './supervised-bot.ts';

const callsWithinMs = 5_000;
/** How soon a bot that can't reach Slack must say so. */
const saidWithinMs = 2_000;
const startsWithinMs = 120_000;
const writes = ['chat.postMessage', 'chat.update'] as const;

export const slackBreakers = {
  'slack-429': ({ site, fault, random }) => {
    const retryAfterS = random.between(1, 8);
    for (const method of writes) {
      site.workspace.misbehave({ kind: 'rate-limit', method, times: fault.times, retryAfterS });
    }
    return Promise.resolve();
  },
  'slack-5xx': ({ site, fault, random }) => {
    for (const method of writes) {
      const status = random.between(0, 2) === 0 ? 500 : 503;
      site.workspace.misbehave({ kind: 'status', method, times: fault.times, status });
    }
    return Promise.resolve();
  },
  'slack-slow': ({ site, fault, random }) => {
    for (const method of writes) {
      site.workspace.misbehave({
        kind: 'delay',
        method,
        times: fault.times,
        ms: random.between(1_000, 12_000),
      });
    }
    return Promise.resolve();
  },
  'slack-reply-lost': loseReplies,
  'slack-late-post': (strike) => delayEffects(strike, 'chat.postMessage'),
  'slack-late-edit': (strike) => delayEffects(strike, 'chat.update'),
  'slack-doubled': ({ site, fault }) => {
    site.workspace.misbehave({ kind: 'double', method: 'chat.postMessage', times: fault.times });
    return Promise.resolve();
  },
  'slack-silent-calls': ({ site, fault }) => {
    for (const method of writes) site.workspace.misbehave({ kind: 'no-reply', method, times: fault.times });
    return Promise.resolve();
  },
  'slack-ghosts': async ({ site, fault }) => {
    site.workspace.misbehave({ kind: 'ghosts', count: fault.times });
    await sleep(fault.forMs);
    site.workspace.misbehave({ kind: 'ghosts', count: 0 });
  },
  'slack-refresh': async (strike) =>
    repeat(strike, () => strike.site.workspace.misbehave({ kind: 'refresh' })),
  'slack-sockets-dropped': async (strike) =>
    repeat(strike, () => strike.site.workspace.misbehave({ kind: 'drop-sockets' })),
  'slack-half-open': ({ site }) => {
    for (const { links } of site.bots) links.slack.silenceExisting();
    return Promise.resolve();
  },
  'slack-away-at-start': awaitBots,
  'slack-away': async (strike) => {
    for (const { links } of strike.site.bots) links.slack.turn('refuse');
    await turnBack(strike);
  },
} as const satisfies Readonly<Record<string, Breaker>>;

/** The next posts and edits take effect, and their answers get lost. */
export function loseReplies({ site, fault }: Strike): Promise<void> {
  for (const method of writes) site.workspace.misbehave({ kind: 'lose-reply', method, times: fault.times });
  return Promise.resolve();
}

/** Resolves when the next calls have come and have had their effects, or when none came for so long. */
async function delayEffects({ site, fault }: Strike, method: string): Promise<void> {
  site.workspace.misbehave({ kind: 'late-effect', method, times: fault.times, ms: fault.forMs });
  await sleep(fault.forMs + callsWithinMs);
}

/** Slack is away from before the bots start, until each has tried to reach it, and then for the fault's time. */
async function awaitBots(strike: Strike): Promise<void> {
  const { bots } = strike.site;
  await Promise.all(
    bots.map((bot) =>
      Promise.race([bot.links.slack.refused, sleep(startsWithinMs, undefined, { ref: false })]),
    ),
  );
  const healed = turnBack(strike);
  await Promise.all([healed, ...bots.map((bot, index) => listen(strike, { bot, index, healed }))]);
}

interface Listening {
  readonly bot: SupervisedBot;
  readonly index: number;
  readonly healed: Promise<void>;
}

/** From the moment in which Slack refused it, a bot must say soon what it waits for. */
async function listen({ report, note }: Strike, { bot, index, healed }: Listening): Promise<void> {
  const triedAt = await Promise.race([bot.links.slack.refused, healed]);
  if (triedAt === undefined) return note(`bot ${index + 1} did not try to reach Slack`);
  const saidAt = await Promise.race([bot.awaitsSlack, healed]).catch(() => undefined);
  const tookMs = (saidAt ?? performance.now()) - triedAt;
  if (tookMs > saidWithinMs) {
    const late = `${Math.round(tookMs)} ms after it was refused`;
    report(`bot ${index + 1} did not say within ${saidWithinMs} ms that it waits for Slack, but ${late}`);
  }
}

async function turnBack({ site, fault }: Strike): Promise<void> {
  await sleep(fault.forMs);
  for (const { links } of site.bots) links.slack.turn('open');
}

async function repeat({ fault, random }: Strike, strike: () => void): Promise<void> {
  for (let n = 0; n < fault.times; n += 1) {
    strike();
    await sleep(random.between(100, 1_000));
  }
}
