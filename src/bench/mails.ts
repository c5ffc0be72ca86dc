/** One mail of exactly this size, as a distribution server sends it when a package did not reach a device. */
export interface MailPlan {
  readonly count: number;
  /** Of the n-th mail. */
  readonly device: (index: number) => string;
  readonly server: (index: number) => string;
}

const mailBytes = 4096;

/** Mails of 4 KB, each with a Message-ID of its own; a mail's fields come first, then what the tool printed. */
export function* writeMails({ count, device, server }: MailPlan, now: Date): Generator<Buffer> {
  for (let index = 0; index < count; index += 1) {
    yield writeMail({ index, device: device(index), server: server(index), at: now });
  }
}

interface MailFields {
  readonly index: number;
  readonly device: string;
  readonly server: string;
  readonly at: Date;
}

export function writeMail({ index, device, server, at }: MailFields): Buffer {
  const head = [
    `Return-Path: <restage@${server}.example.net>`,
    'Delivered-To: dist-alerts@example.net',
    `Received: from ${server}.example.net (${server}.example.net [10.38.0.1])`,
    '\tby mail.example.net (Postfix) with ESMTPS id 4F1kXz2Yp3z9sVL',
    `\tfor <dist-alerts@example.net>; ${mailDate(at)}`,
    `Received: by ${server}.example.net (Postfix, from userid 0)`,
    `\tid 4F1kXz1Qr7z9sVK; ${mailDate(at)}`,
    `From: Package distribution <restage@${server}.example.net>`,
    'To: dist-alerts@example.net',
    `Subject: [dist] FAILED: geo-db to ${device}`,
    `Message-ID: <${at.getTime()}.${index}.${device}@${server}.example.net>`,
    `Date: ${mailDate(at)}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    'Auto-Submitted: auto-generated',
    '',
    `Alert-Id: ${server}-${index}`,
    'Region: eu',
    `Device: ${device}`,
    'Package: geo-db',
    'Failure: connection timed out',
    `Server: ${server}`,
    `Job: J-${at.toISOString().slice(0, 10)}-7`,
    'Attempt: 1',
    'Building: B3',
    'Room: 201',
    `At: ${at.toISOString()}`,
    '',
    'Output of the tool:',
    '',
  ].join('\n');
  return Buffer.from(fill(head, device));
}

/** Lines of output up to the size that the mail has on the wire, where each line end is two bytes. */
function fill(head: string, device: string): string {
  let text = head;
  let size = head.length + lineEnds(head);
  for (let line = 1; size < mailBytes; line += 1) {
    const output = `rsync: [sender] geo-db/tiles/${line}.pack: write error to ${device} (110), ${line * 8192} bytes sent`;
    const room = mailBytes - size - 2;
    const cut = output.slice(0, room);
    // A rest of one byte can't be a line of its own.
    const rest = room - cut.length === 1 ? `${cut} ` : cut;
    text += `${rest}\n`;
    size += rest.length + 2;
  }
  return text;
}

function lineEnds(text: string): number {
  return text.split('\n').length - 1;
}

/** RFC 5322 section 3.3. */
function mailDate(at: Date): string {
  return at.toUTCString().replace('GMT', '+0000');
}
