import { setTimeout as sleep } from 'node:timers/promises';
import nodemailer from 'nodemailer';
import { writeMail } from '../../bench/mails.ts';
import { server } from './alerts.ts';
import type { Ledger } from './ledger.ts';
import { httpToken, type MailSite, mailUser, ports } from './mail-site.ts';

const answerWithinMs = 12_000;
const againAfterMs = 400;

export interface SentAlert {
  readonly index: number;
  readonly device: string;
  readonly at: Date;
}

/** Sends alerts as a careful sender does: until they are accepted, by another bot when one does not answer. */
export interface Doors {
  imap(alerts: readonly SentAlert[]): Promise<void>;
  smtp(alert: SentAlert, bot: number): Promise<void>;
  http(alerts: readonly SentAlert[], bot: number): Promise<void>;
  /** One attempt over HTTP at this very bot. */
  tryHttp(alerts: readonly SentAlert[], bot: number, withinMs: number): Promise<boolean>;
  /** A mail that is no alert, tried a few times. */
  smtpRaw(raw: string, bot: number): Promise<void>;
  /** Refusals that no attempt will change. */
  readonly refusals: readonly string[];
}

/** `signal` ends all further attempts. */
export function openDoors(site: MailSite, ledger: Ledger, signal: AbortSignal): Doors {
  const refusals: string[] = [];
  const persist = async (attempt: (bot: number) => Promise<boolean>, first: number) => {
    for (let tries = 0; !signal.aborted; tries += 1) {
      if (await attempt((first + tries) % site.bots.length)) return;
      await sleep(againAfterMs);
    }
  };
  const addressOf = (bot: number) => site.bots[bot]?.machine.address ?? '';
  const offer = (alerts: readonly SentAlert[]) => {
    for (const { device, index } of alerts) ledger.offer(device, index);
  };
  const accept = (alerts: readonly SentAlert[]) => {
    for (const { device, index } of alerts) ledger.accept(device, index);
  };
  const tryHttp = async (alerts: readonly SentAlert[], bot: number, withinMs: number) => {
    offer(alerts);
    const status = await post(addressOf(bot), alerts, withinMs);
    if (status >= 200 && status < 300) accept(alerts);
    if (status >= 400 && status < 500 && status !== 429 && status !== 408) {
      refusals.push(`HTTP refused alerts with ${status}`);
      return true;
    }
    return status >= 200 && status < 300;
  };
  return {
    refusals,
    tryHttp,
    http: (alerts, bot) => persist((one) => tryHttp(alerts, one, answerWithinMs), bot),
    smtp: (alert, bot) =>
      persist(async (one) => {
        offer([alert]);
        const code = await submit(addressOf(one), mailOf(alert));
        if (code === 250) accept([alert]);
        if (code >= 500) refusals.push(`SMTP refused a mail with ${code}`);
        return code === 250 || code >= 500;
      }, bot),
    imap: (alerts) =>
      persist(async () => {
        offer(alerts);
        const done = await site.dovecot.deliverMany(mailUser, alerts.map(mailOf)).then(
          () => true,
          () => false,
        );
        if (done) accept(alerts);
        return done;
      }, 0),
    smtpRaw: async (raw, bot) => void (await submit(addressOf(bot), raw)),
  };
}

function mailOf({ index, device, at }: SentAlert): Buffer {
  return writeMail({ index, device, server, at });
}

/** The reply code; 0 when there was none. */
async function submit(host: string, raw: string | Buffer): Promise<number> {
  const transport = nodemailer.createTransport({
    host,
    port: ports.smtp,
    ignoreTLS: true,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: answerWithinMs,
  });
  const envelope = { from: `restage@${server}.example.net`, to: 'dist-alerts@example.net' };
  try {
    await transport.sendMail({ envelope, raw });
    return 250;
  } catch (error) {
    return (error as { responseCode?: number }).responseCode ?? 0;
  } finally {
    transport.close();
  }
}

/** The status; 0 when there was none. */
async function post(host: string, alerts: readonly SentAlert[], withinMs: number): Promise<number> {
  const body = alerts.map(({ index, device, at }) => ({
    id: `${device}-${index}-${at.getTime()}`,
    device,
    failure: 'connection timed out',
    package: 'geo-db',
    server,
    job: 'J-chaos',
    at: at.toISOString(),
  }));
  // Outside of what may fail: it takes whole numbers alone.
  const signal = AbortSignal.timeout(Math.ceil(withinMs));
  try {
    const response = await fetch(`http://${host}:${ports.http}/alerts`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${httpToken}` },
      body: JSON.stringify(body),
      signal,
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
