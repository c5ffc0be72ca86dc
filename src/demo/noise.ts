import { connect } from 'node:net';

/** Mail that must not count, and one real alert too few: the reasons stand in the script's result. */
export function noise(now: Date): readonly string[] {
  const alert = ['Device: kiosk-01', 'Failure: package is corrupt', 'Server: int-58', 'Job: voice-prompts'];
  return [
    write(now, 'restage@int-38.eu.example.net', 'Fwd: [restage] FAILED edge-agent on client-042', alert),
    write(now, 'restage@evil-example.net', '[restage] FAILED edge-agent on client-042', alert),
    write(now, 'newsletter@lists.eu.example.net', 'Your weekly digest', ['Hello!']),
    write(now, 'restage@int-58.apac.example.net', '[restage] FAILED voice-prompts on kiosk-01', alert),
  ];
}

function write(now: Date, from: string, subject: string, body: readonly string[]): string {
  const id = `${now.getTime()}.${Math.random().toString(36).slice(2)}@demo.example.net`;
  return [
    `From: ${from}`,
    'To: dist-alerts@ops.example.net',
    `Subject: ${subject}`,
    `Date: ${now.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}>`,
    '',
    ...body,
    '',
  ].join('\r\n');
}

/** An alert mail about a device, as a server's recorder writes it. */
export function alertMail(now: Date, device: string, failure: string, server = 'int-58'): string {
  const fields = [
    `Device: ${device}`,
    'Package: voice-prompts-7',
    `Failure: ${failure}`,
    `Server: ${server}`,
  ];
  const body = [...fields, 'Job: voice-prompts-apac', `At: ${now.toISOString()}`];
  return write(
    now,
    `restage@${server}.apac.example.net`,
    `[restage] FAILED voice-prompts-7 on ${device}`,
    body,
  );
}

/** Sends one mail by SMTP (RFC 5321); rejects when it is not taken. */
export async function sendMail(port: number, mail: string): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  const script = [
    'EHLO demo',
    'MAIL FROM:<demo@example.net>',
    'RCPT TO:<dist-alerts@ops.example.net>',
    'DATA',
  ];
  const steps = [...script, `${mail.replaceAll(/^\./gm, '..')}\r\n.`, 'QUIT'];
  let buffered = '';
  for await (const chunk of socket) {
    buffered += String(chunk);
    // A reply ends with a line whose code is followed by a blank (RFC 5321, 4.2.1).
    const reply = /^(?:\d{3}-.*\r\n)*(\d{3}) .*\r\n$/.exec(buffered);
    if (!reply) continue;
    if (Number(reply[1]) >= 400) throw new Error(`the bot did not take the mail: ${buffered.trim()}`);
    buffered = '';
    const next = steps.shift();
    if (next === undefined) break;
    socket.write(`${next}\r\n`);
  }
}
