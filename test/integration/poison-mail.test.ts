import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import postgres from 'postgres';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { freePort } from '../../src/bench/servers/free-port.ts';
import { SmtpClient } from '../../src/fuzz/smtp-client.ts';
import type { AuditReport } from '../../src/workflows/audit.ts';
import { askBot, type BotOptions, startBot } from '../support/bot.ts';
import { createPostgresUrl } from '../support/databases.ts';
import { buildFatal, fatalWord } from '../support/fatal-build.ts';
import { hostileMails } from '../support/hostile-mails.ts';
import { mailUser, siteEnv, writeSiteConfig } from '../support/site-config.ts';
import { type Owner, startSurroundings, startUp } from '../support/surroundings.ts';

const poison = hostileMails['an embedded message that is all headers']?.(0) ?? '';
const sender = 'restage@int-38.example.net';

function mailOf(id: string, more = ''): Buffer {
  const lines = [`From: ${sender}`, `Subject: ${id}`, `Message-ID: <${id}@int-38.example.net>`, ''];
  return Buffer.from([...lines, 'Device: int-38', 'Failure: timeout', more, ''].join('\r\n'));
}
const fatal = mailOf('fatal', fatalWord);

/** A site whose bot reads a mailbox and listens for SMTP; `stored` tells its mails by subject, with the reason of the last gate. */
async function startSite(test: Owner, program?: string) {
  const { folder, dovecot, workspace } = await startSurroundings(test);
  const url = await createPostgresUrl();
  const thresholds = [{ count: 1000, within: '30m' }];
  const config = writeSiteConfig({ folder, slackApiUrl: workspace.apiUrl, dovecot, devices: [], thresholds });
  const smtpPort = await freePort();
  const site = parse(readFileSync(config, 'utf8')) as { readonly intake: object };
  writeFileSync(config, stringify({ ...site, intake: { ...site.intake, smtp: { port: smtpPort } } }));
  const database = postgres(url, { max: 1, onnotice: () => {} });
  test.onTestFinished(() => database.end());
  const options: BotOptions = { config, env: siteEnv(dovecot, url), ...(program && { program }) };
  const stored = async () => {
    const rows = await database<{ subject: string; state: string; reason: string }[]>`
      select subject, state, gates->-1->>'reason' as reason from mails order by subject`;
    return Object.fromEntries(rows.map(({ subject, state, reason }) => [subject, `${state}: ${reason}`]));
  };
  return { options, dovecot, smtpPort, stored };
}

/** Returns the listener's reply to a mail; 0 if the connection was cut. */
async function send(port: number, mail: Buffer): Promise<number> {
  const client = await SmtpClient.open(port);
  const code = await client.send(sender, mail);
  client.end();
  return code;
}

const counted = 'accepted: node-listed';
const patient = { timeout: 60_000 };

describe('A1: a mail of headers only that embeds a message', () => {
  it('is a dead letter with its reason by IMAP, and the mails behind it count', async (test) => {
    const { options, dovecot, stored } = await startSite(test);
    const bot = await startUp(test, options);
    await dovecot.deliverMany(mailUser, [mailOf('one'), poison, mailOf('two'), mailOf('three')]);
    const dead = { '[restage] FAILED': 'dead-letter: no-format-matches' };
    await expect.poll(stored, patient).toEqual({ ...dead, one: counted, two: counted, three: counted });
    expect(await bot.stop()).toBe(0);
  }, 120_000);

  it('is answered by SMTP, and so is the mail of the next sender', async (test) => {
    const { options, smtpPort, stored } = await startSite(test);
    const bot = await startUp(test, options);
    expect([await send(smtpPort, Buffer.from(poison)), await send(smtpPort, mailOf('one'))]).toEqual([
      250, 250,
    ]);
    const dead = { '[restage] FAILED': 'dead-letter: no-format-matches' };
    expect(await stored()).toEqual({ ...dead, one: counted });
    expect(await bot.stop()).toBe(0);
  }, 120_000);
});

describe('A1: a mail that ends the process that reads it', () => {
  /** Not even its subject is read in the bot. */
  const setAside = { '': 'dead-letter: ended-its-reader' };

  it('ends the bot once by IMAP; the next one sets it aside and counts the others of its batch once', async (test) => {
    const { options, dovecot, stored } = await startSite(test, buildFatal(test));
    await dovecot.deliverMany(mailUser, [mailOf('one'), fatal, mailOf('two'), mailOf('three')]);
    const first = startBot(options);
    await once(first.process, 'exit');
    expect(first.process.signalCode).toBe('SIGKILL');
    expect(await stored()).toEqual({});

    const next = await startUp(test, options);
    const all = { ...setAside, one: counted, two: counted, three: counted };
    await expect.poll(stored, patient).toEqual(all);
    expect(next.lastWords()).toContain('mail that it may have been reading is read apart');
    await dovecot.deliver(mailUser, mailOf('four'));
    await expect.poll(stored, patient).toEqual({ ...all, four: counted });
    const sums = { mails: { accepted: 4, 'dead-letter': 1 }, balanced: true, alertsInMails: 4 };
    expect(await askBot<AuditReport>(options, 'audit')).toMatchObject(sums);
    expect(await next.stop()).toBe(0);
  }, 180_000);

  it('ends the bot once by SMTP; the next one answers 250 when it is sent again, and sets it aside', async (test) => {
    const { options, smtpPort, stored } = await startSite(test, buildFatal(test));
    const first = await startUp(test, options);
    expect(await send(smtpPort, mailOf('one'))).toBe(250);
    const ended = once(first.process, 'exit');
    expect(await send(smtpPort, fatal)).toBe(0);
    await ended;
    expect(first.process.signalCode).toBe('SIGKILL');

    const next = await startUp(test, options);
    expect([await send(smtpPort, fatal), await send(smtpPort, mailOf('two'))]).toEqual([250, 250]);
    expect(await stored()).toEqual({ ...setAside, one: counted, two: counted });
    expect(await next.stop()).toBe(0);
  }, 180_000);
});
