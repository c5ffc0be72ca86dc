import type { SeededRandom } from '../../chaos/seeded-random.ts';
import type { FuzzBot } from '../bot.ts';
import { createCase, pick } from '../cases.ts';
import { writeGoodMail } from '../good-mail.ts';
import { mutate } from '../mutate.ts';
import { SmtpClient } from '../smtp-client.ts';
import { endsWithin, type FuzzRun, Tally, type TargetReport } from '../target.ts';

const atOnce = 20;
const dialogueWithinMs = 30_000;
const goodWithinMs = 10_000;

const lines = [
  'EHLO fuzz',
  'HELO fuzz',
  'EHLO ',
  'MAIL FROM:<a@int-38.example.net>',
  'MAIL FROM:<a@int-38.example.net> SIZE=99999999999 BODY=8BITMIME SMTPUTF8',
  'MAIL FROM:<>',
  'MAIL FROM:a',
  'RCPT TO:<alerts@example.net>',
  'RCPT TO:<>',
  'DATA',
  'BDAT 10 LAST',
  'Device: client-1',
  '.',
  '\n.\n',
  '\r.\r',
  'RSET',
  'NOOP',
  'VRFY a',
  'STARTTLS',
  'AUTH PLAIN AAAA',
  'HELP',
  'XCLIENT ADDR=1.2.3.4',
  'GET / HTTP/1.1',
  '',
];

/**
 * Talks SMTP out of order, in pieces and in wrong bytes, over many connections. The listener replies or ends each connection, and
 * takes good mail in afterwards.
 */
export async function fuzzSmtpDialogues(bot: FuzzBot, { seed, inputs, say }: FuzzRun): Promise<TargetReport> {
  const tally = new Tally();
  let next = 0;
  async function work(): Promise<void> {
    for (let index = next++; index < inputs && bot.isAlive(); index = next++) {
      await endsWithin(dialogueWithinMs, talk(bot.smtpPort, createCase(seed, 'smtp', index).random)).catch(
        (error: unknown) => tally.find(index, String(error)),
      );
      if (index % 1000 === 999) say(`smtp: ${index + 1} dialogues`);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  if (bot.isAlive()) await sendGood();
  else tally.find('smtp', `the bot ended: ${bot.complaints().at(-1) ?? 'it said nothing'}`);

  async function sendGood(): Promise<void> {
    const client = await SmtpClient.open(bot.smtpPort);
    const mail = writeGoodMail(inputs, 'client-smtp');
    const code = await endsWithin(goodWithinMs, client.send('good@int-38.example.net', mail)).catch(String);
    if (code !== 250) tally.find('good mail after all dialogues', `not taken in: ${code}`);
    client.end();
  }

  return { target: 'smtp', inputs, findings: tally.findings, figures: {} };
}

/** Sends a few pieces without waiting for replies, and leaves, politely or not. */
async function talk(port: number, random: SeededRandom): Promise<void> {
  const client = await SmtpClient.connect(port);
  for (let left = random.between(1, 25); left > 0 && !client.closed; left -= 1) {
    const line = Buffer.from(
      `${pick(random, lines)}${pick(random, ['\r\n', '\r\n', '\r\n', '\n', '\r', ''])}`,
      'latin1',
    );
    client.write(random.between(0, 3) === 0 ? mutate(line, random, lines) : line);
    if (random.between(0, 3) === 0) await new Promise(setImmediate);
  }
  client.end();
}
