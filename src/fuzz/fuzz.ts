import { parseArgs } from 'node:util';
import { type FuzzBot, startFuzzBot } from './bot.ts';
import { readMails } from './read-mails.ts';
import type { FuzzRun, TargetReport } from './target.ts';
import { fuzzArchives } from './targets/archives.ts';
import { fuzzConfigs } from './targets/configs.ts';
import { fuzzFloods } from './targets/floods.ts';
import { fuzzJsonDoor } from './targets/json-door.ts';
import { fuzzLogs } from './targets/logs.ts';
import { fuzzMailDoor } from './targets/mail-door.ts';
import { fuzzSlackFrames } from './targets/slack-frames.ts';
import { fuzzSmtpDialogues } from './targets/smtp-dialogues.ts';

const usage = `npm run fuzz -- [options]
  --mails N      mutated mails (default 2000); of the other inputs a share of that; fewer than 1000 leave out the largest
  --seed S       the same inputs again (default: by the clock)
  --only NAME    mails, json, smtp, floods, slack, logs, archives or configs alone; may come several times
Examples:
  npm run fuzz -- --mails 100000
  npm run fuzz -- --only json --seed 7
Sends hostile input through every door of a bot on a real PostgreSQL, and reads it in this process where its cost is measured.
Prints one JSON object a target, then a summary. Exit code 1 if anything was found: a crash, a hang, a mail lost, an
input that costs the event loop more than its bound, or more than 500 MB of memory.
`;
const targets = ['mails', 'json', 'smtp', 'floods', 'slack', 'logs', 'archives', 'configs'] as const;
const mostMegabytes = 500;
/** Findings that are printed in full, of each target. */
const shownFindings = 20;

function readArguments() {
  try {
    return parseArgs({
      options: {
        mails: { type: 'string', default: '2000' },
        seed: { type: 'string', default: String(Date.now() % 1_000_000) },
        only: { type: 'string', multiple: true },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}

const values = readArguments();
const wanted = targets.filter((name) => values.only?.includes(name) ?? true);
const mails = Number(values.mails);
const seed = Number(values.seed);
if (values.help || wanted.length === 0 || !Number.isSafeInteger(mails) || !Number.isSafeInteger(seed)) {
  process.stderr.write(usage);
  process.exit(values.help ? 0 : 2);
}

/** The largest inputs take minutes: a run of fewer mails than this leaves them out, and has one bot for all doors. */
const mailsOfLongRun = 1000;
const isLong = mails >= mailsOfLongRun;
/** The bot of a short run, once a door has needed it. */
const shared: { bot: FuzzBot | null } = { bot: null };
const share = (part: number): FuzzRun => ({
  seed,
  inputs: Math.max(20, Math.ceil(mails * part)),
  withLargest: isLong,
  say,
});
let found = 0;
/** The costliest mail, in ms of the event loop, and the most memory that a bot held, in MB; 0 until one was measured. */
let worstMailMs = 0;
let peakMegabytes = 0;

function say(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}

function report({ target, inputs, findings: seen, figures }: TargetReport): void {
  const { peakMegabytes: peak } = figures;
  const isLarge = typeof peak === 'number' && peak > mostMegabytes;
  const findings = isLarge ? [...seen, { input: 'all', what: `${peak} MB of memory` }] : seen;
  found += findings.length;
  if (target === 'reading') worstMailMs = Number(figures['worstLoopMs']);
  if (typeof peak === 'number') peakMegabytes = Math.max(peakMegabytes, peak);
  const line = {
    target,
    seed,
    inputs,
    found: findings.length,
    ...figures,
    findings: findings.slice(0, shownFindings),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Sends the mails through the bot's door, while a process of its own reads them, where their cost is measured. */
async function fuzzMails(bot: FuzzBot): Promise<void> {
  const reading = readMails(bot, share(1));
  const [read, sent] = await Promise.all([
    reading,
    fuzzMailDoor(
      bot,
      reading.then(({ keys }) => keys),
      share(1),
    ),
  ]);
  report(read);
  report(sent);
}

const doors: Readonly<Record<string, (bot: FuzzBot) => Promise<void>>> = {
  mails: fuzzMails,
  json: async (bot) => report(await fuzzJsonDoor(bot, share(0.02))),
  smtp: async (bot) => report(await fuzzSmtpDialogues(bot, share(0.1))),
  floods: async (bot) => report(await fuzzFloods(bot, { say })),
  slack: async (bot) => report(await fuzzSlackFrames(bot, share(0.1))),
};
const readers: Readonly<Record<string, () => Promise<TargetReport>>> = {
  logs: () => fuzzLogs(share(0.1)),
  archives: () => fuzzArchives(share(0.02)),
  configs: () => fuzzConfigs(share(0.02)),
};

for (const name of wanted) {
  const [door, reader] = [doors[name], readers[name]];
  if (reader) report(await reader());
  if (door) await withBot(door);
}
await shared.bot?.close();
process.stdout.write(
  `${JSON.stringify({ summary: true, seed, found, worstMailMs, peakMegabytes, ok: found === 0 })}\n`,
);
process.exitCode = found === 0 ? 0 : 1;

/** In a long run each door has a bot of its own, so that its memory is its own. */
async function withBot(door: (bot: FuzzBot) => Promise<void>): Promise<void> {
  const bot = shared.bot ?? (await startFuzzBot());
  if (!isLong) shared.bot = bot;
  try {
    await door(bot);
  } finally {
    if (isLong) await bot.close();
  }
}
