import type { FuzzBot } from '../bot.ts';
import { writeGoodMail } from '../good-mail.ts';
import { readPeakBytes } from '../processor-time.ts';
import { SmtpClient } from '../smtp-client.ts';
import { endsWithin, type FuzzRun, Tally, type TargetReport } from '../target.ts';

const largeMails = { count: 100, bytes: 4_900_000 };
const dribblers = 200;
const largeBodies = { count: 50, bytes: 9_900_000 };
/** A good mail is taken in within this time, in ms, whatever else comes in. */
const goodWithinMs = 60_000;
const tries = 200;
const againAfterMs = 250;

/**
 * Sends 100 mails of 4.9 MB at once, holds 200 connections that dribble, and posts 50 bodies of 9.9 MB at once. The bot's memory is
 * bounded; each large mail is taken in at last by a sender that tries again; good mail is taken in meanwhile.
 */
export async function fuzzFloods(bot: FuzzBot, { say }: Pick<FuzzRun, 'say'>): Promise<TargetReport> {
  const tally = new Tally();
  const flood = async (name: string, run: () => Promise<unknown>) => {
    say(`floods: ${name}`);
    await run().catch((error: unknown) => tally.find(name, String(error)));
    if (!bot.isAlive()) tally.find(name, `the bot ended: ${bot.complaints().at(-1) ?? 'it said nothing'}`);
  };
  await flood('100 mails of 4.9 MB', () => beside(bot, tally, sendLargeMails(bot.smtpPort)));
  await flood('200 connections that dribble', () => dribble(bot, tally));
  await flood('50 bodies of 9.9 MB', () => beside(bot, tally, postLargeBodies(bot)));
  const peakMegabytes = bot.isAlive() ? Math.round(readPeakBytes(bot.pid) / 1e6) : 'ended';
  return { target: 'floods', inputs: 3, findings: tally.findings, figures: { peakMegabytes } };
}

async function beside(bot: FuzzBot, tally: Tally, flood: Promise<unknown>): Promise<void> {
  await Promise.all([flood, expectGood(bot, tally, 'a good mail beside the flood')]);
}

async function sendLargeMails(port: number): Promise<void> {
  const send = async (_: unknown, index: number) => {
    const head = `From: large@int-38.example.net\r\nSubject: large ${index}\r\n\r\n`;
    const line = 'a line of output that says nothing at all\r\n';
    const body = line.repeat(Math.floor(largeMails.bytes / line.length));
    const code = await sendUntilTaken(port, `large-${index}@int-38.example.net`, Buffer.from(head + body));
    if (code !== 250) throw new Error(`a large mail was never taken in: ${code}`);
  };
  await Promise.all(Array.from({ length: largeMails.count }, send));
}

/** As a mail server does it: what is refused for now is tried again. */
async function sendUntilTaken(port: number, sender: string, bytes: Buffer): Promise<number> {
  let code = 0;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const client = await SmtpClient.open(port).catch(() => null);
    code = client ? await client.send(sender, bytes).catch(() => 0) : 0;
    client?.end();
    if (code === 250 || code >= 500) return code;
    await new Promise((resolve) => {
      setTimeout(resolve, againAfterMs);
    });
  }
  return code;
}

async function dribble(bot: FuzzBot, tally: Tally): Promise<void> {
  const clients = await Promise.all(
    Array.from({ length: dribblers }, () => SmtpClient.open(bot.smtpPort).catch(() => null)),
  );
  const drops = setInterval(() => {
    for (const client of clients) client?.write('N');
  }, 1000);
  try {
    await expectGood(bot, tally, 'a good mail beside 200 dribblers');
  } finally {
    clearInterval(drops);
    for (const client of clients) client?.end();
  }
}

async function expectGood({ smtpPort }: FuzzBot, tally: Tally, name: string): Promise<void> {
  const mail = writeGoodMail(1, 'client-flood');
  const code = await endsWithin(
    goodWithinMs,
    sendUntilTaken(smtpPort, 'good@int-38.example.net', mail),
  ).catch(String);
  if (code !== 250) tally.find(name, `not taken in: ${code}`);
}

/** Half of them as Alertmanager, which drops alerts on a 4xx: it alone gets 503 to try again. */
async function postLargeBodies({ httpPort, httpToken, alertmanagerToken }: FuzzBot): Promise<void> {
  const body = `[${'{"device":"a","failure":"b"},'.repeat(largeBodies.bytes / 29)}{}]`;
  const post = async (_: unknown, index: number) => {
    const isAlertmanager = index % 2 === 1;
    const response = await fetch(`http://127.0.0.1:${httpPort}/alerts`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${isAlertmanager ? alertmanagerToken : httpToken}`,
        'content-type': 'application/json',
      },
      body,
      signal: AbortSignal.timeout(goodWithinMs),
    }).catch(() => null);
    await response?.arrayBuffer().catch(() => null);
    if (!response || response.status < 500) return;
    const isAskedAgain = isAlertmanager && response.status === 503 && response.headers.has('retry-after');
    if (!isAskedAgain) throw new Error(`a large body got ${response.status}`);
  };
  await Promise.all(Array.from({ length: largeBodies.count }, post));
}
