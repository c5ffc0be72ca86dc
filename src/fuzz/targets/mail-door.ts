import { setTimeout as pause } from 'node:timers/promises';
import type { FuzzBot } from '../bot.ts';
import { writeGoodMail } from '../good-mail.ts';
import { createMailMaker, senderOf, withLineEnd } from '../mails.ts';
import { readPeakBytes } from '../processor-time.ts';
import { SmtpClient } from '../smtp-client.ts';
import { endsWithin, type FuzzRun, Tally, type TargetReport } from '../target.ts';

const connections = 8;
const goodEvery = 250;
/** A good mail behind bad ones is taken in within this time, in ms: one of them may take 10 s. */
const goodWithinMs = 30_000;
/** As a mail server does it: what is refused for now, since others come first, is tried again after a pause. */
const tries = 60;
const againAfterMs = 500;

/**
 * Sends mails through the bot's SMTP listener; `identities` are theirs, in the same order, `null` for one that could not be read. Each is answered for good: 250, or a refusal that lasts.
 * What got 250 is stored, mails of one identity once, good mail in between is taken in, and the conservation check holds.
 */
export async function fuzzMailDoor(
  bot: FuzzBot,
  identities: Promise<readonly (string | null)[]>,
  { seed, inputs, withLargest, say }: FuzzRun,
): Promise<TargetReport> {
  const tally = new Tally();
  const makeMail = createMailMaker({ seed, withLargest });
  const accepted: number[] = [];
  let next = 0;
  let goods = 0;

  async function work(): Promise<void> {
    let client = await SmtpClient.open(bot.smtpPort);
    for (let index = next++; index < inputs && bot.isAlive(); index = next++) {
      const { name, bytes } = makeMail(index);
      for (let attempt = 1; ; attempt += 1) {
        if (client.closed) client = await SmtpClient.open(bot.smtpPort);
        const code = await client.send(senderOf(index), withLineEnd(bytes));
        if (code === 250) accepted.push(index);
        if (code === 250 || (code >= 500 && code < 600)) break;
        if (attempt === tries) tally.find(name, `the listener replied ${code} ${tries} times`);
        if (attempt === tries) break;
        client.end();
        await pause(againAfterMs);
      }
      if (index % goodEvery === 0) await sendGood(index);
      if (index % 10_000 === 9_999) say(`doors: ${index + 1} mails sent`);
    }
    client.end();
  }

  async function sendGood(index: number): Promise<void> {
    const mail = writeGoodMail(index, 'client-good');
    const client = await SmtpClient.open(bot.smtpPort);
    const code = await endsWithin(goodWithinMs, client.send('good@int-38.example.net', mail)).catch(String);
    if (code === 250) goods += 1;
    else tally.find(`good mail after ${index}`, `not taken in: ${code}`);
    client.end();
  }

  await Promise.all(Array.from({ length: connections }, work)).catch((error: unknown) => {
    tally.find('door', String(error));
  });
  const keys = await identities;
  const stored = new Set(accepted.map((index) => keys[index] ?? `unread ${index}`));
  if (bot.isAlive()) await checkConservation();
  else tally.find('door', `the bot ended: ${bot.complaints().at(-1) ?? 'it said nothing'}`);

  async function checkConservation(): Promise<void> {
    const { mails, balanced } = await bot.audit();
    const found = Object.values(mails).reduce((sum, count) => sum + count, 0);
    const expected = stored.size + goods;
    if (!balanced) tally.find('audit', 'the conservation check does not hold');
    if (found !== expected) tally.find('audit', `${found} mails are stored, ${expected} were taken in`);
  }

  const peakMegabytes = bot.isAlive() ? Math.round(readPeakBytes(bot.pid) / 1e6) : 'ended';
  return {
    target: 'mails',
    inputs,
    findings: tally.findings,
    figures: { stored: stored.size, goods, peakMegabytes },
  };
}
