import { startWorkspace, type Workspace } from '../demo/workspace/workspace.ts';
import type { Log } from '../domain/log.ts';
import type { RawMail } from '../domain/mail.ts';
import { admit } from '../workflows/intake/admit.ts';
import { type MonthBot, startMonthBot } from './bot.ts';
import { readEpisodes } from './episodes.ts';
import { countFigures, type Figure } from './figures.ts';
import { judge, type Wrong } from './judge.ts';
import { createNetworkProber } from './network.ts';
import { planProblems } from './plan-problems.ts';
import type { Problem } from './problem.ts';
import type { CliOptions } from './options.ts';
import { readCards } from './read-cards.ts';
import { writeOthers, writeProblems } from './script.ts';
import { channels } from './site.ts';
import { type Deed, perform, planDeeds } from './technician.ts';
import { dayMs, hourMs, later, minuteMs, monthStart, type Span } from './times.ts';
import { tryAgain } from './try-again.ts';
import { nextDueAt, sweepOnce, workOff } from './work-off.ts';
import { recordWorkspace, type SeenMessage } from './workspace-record.ts';

export interface MonthOptions extends CliOptions {
  readonly log: Log;
}

export interface MonthResult {
  readonly problems: readonly Problem[];
  readonly mails: number;
  readonly figures: readonly Figure[];
  readonly wrongs: readonly Wrong[];
  readonly seen: readonly SeenMessage[];
}

/** Plays a month: what goes wrong in it, the mail about it, and the technician; then looks at what stands in the workspace. */
export async function runMonth(options: MonthOptions): Promise<MonthResult> {
  const { seed, days, databaseUrl, log } = options;
  const planned = planProblems(seed, days, options.each);
  const problems = planned.filter(({ id }) => options.problem === null || id === options.problem);
  const mails = [
    ...writeProblems(seed, problems),
    ...(options.problem === null ? writeOthers(seed, days, problems) : []),
  ].toSorted((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime());
  const span = spanOf(options, problems);
  let time = span.from;
  const now = () => time;
  const workspace = await openWorkspace(now);
  try {
    const seen = recordWorkspace(workspace, now);
    const prober = createNetworkProber(problems, now);
    const bot = await startMonthBot({ workspace, prober, now, databaseUrl, log });
    try {
      const month = {
        bot,
        workspace,
        mails,
        deeds: planDeeds(seed, problems),
        span,
      };
      await play(month, (at) => {
        time = at;
      });
    } finally {
      await bot.close();
    }
    const judgement = judge(problems, readEpisodes(readCards(seen)), time);
    const figures = countFigures(judgement, seen);
    return { problems, mails: mails.length, figures, wrongs: judgement.wrongs, seen };
  } finally {
    await workspace.close();
  }
}

/** How long a problem that is played alone is watched after its end, in ms: so long that a ticket may not stay open. */
const watchedAfterMs = 2 * dayMs;

/** The simulated time: all days, or those of the only problem. */
function spanOf({ days, problem }: CliOptions, [only]: readonly Problem[]): Span {
  const whole = { from: monthStart, until: later(monthStart, days * dayMs) };
  if (problem === null || !only) return whole;
  const until = later(only.until, watchedAfterMs);
  return { from: later(only.from, -hourMs), until: until < whole.until ? until : whole.until };
}

function openWorkspace(now: () => Date): Promise<Workspace> {
  return startWorkspace({
    users: [{ id: 'U0ANA', name: 'ana', realName: 'Ana Costa', tz: 'Europe/Berlin' }],
    channels: channels.map((name) => ({ id: `C0${name.toUpperCase().replaceAll('-', '')}`, name })),
    ...{ botToken: 'xoxb-month', appToken: 'xapp-month', limits: 'off', now },
  });
}

interface Month {
  readonly bot: MonthBot;
  readonly workspace: Workspace;
  readonly mails: readonly RawMail[];
  readonly deeds: readonly Deed[];
  readonly span: Span;
}

/** How often the bot looks by itself after what waits. */
const sweepEveryMs = 60 * minuteMs;

/** Moves the clock from one thing that happens to the next, and does what is due there. */
async function play(
  { bot, workspace, mails, deeds, span }: Month,
  setTime: (at: Date) => void,
): Promise<void> {
  const [mail, deed] = [queueOf(mails, (one) => one.receivedAt), queueOf(deeds, (one) => one.at)];
  let sweepAt = span.from;
  for (let at = span.from; at < span.until; ) {
    const nexts = [mail.nextAt(), deed.nextAt(), nextDueAt(bot.jobs), sweepAt].filter((one) => one !== null);
    at = new Date(Math.max(at.getTime(), Math.min(...nexts.map((one) => one.getTime()))));
    setTime(at);
    for (const due of deed.take(at)) await tryAgain(() => perform(bot.deps, workspace, due));
    const arrived = mail.take(at);
    if (arrived.length > 0) await tryAgain(() => admit(bot.deps, arrived, null));
    await workOff(bot);
    if (sweepAt > at) continue;
    await sweepOnce(bot);
    sweepAt = later(at, sweepEveryMs);
  }
}

function queueOf<T>(list: readonly T[], timeOf: (one: T) => Date) {
  let next = 0;
  return {
    nextAt() {
      const one = list[next];
      return one === undefined ? null : timeOf(one);
    },
    /** What has happened by then and was not taken before. */
    take(at: Date): readonly T[] {
      const from = next;
      for (let one = list[next]; one !== undefined && timeOf(one) <= at; one = list[next]) next += 1;
      return list.slice(from, next);
    },
  };
}
