import type { RawMail } from '../domain/mail.ts';
import { domainOf, zoneOf } from './site.ts';
import { offsetOf, wallClock } from './times.ts';

/** How a mail's text goes over the wire. */
export type Coding = 'utf-8' | 'quoted-printable' | 'latin-1';

export interface WrittenMail {
  /** Local part of its sender. */
  readonly user: string;
  /** The machine that sends it. */
  readonly host: string;
  readonly subject: string;
  readonly lines: readonly string[];
  readonly id: string;
  readonly at: Date;
  readonly coding: Coding;
  /** The device of which it tells that the problem is over there. */
  readonly wordOf?: string;
}

/** Writes a message as that machine would, with the offset of its own clock. */
export function writeMail(mail: WrittenMail): Uint8Array {
  const { user, host, subject, id, at, coding } = mail;
  const domain = `${host}.${domainOf(host)}`;
  const isLatin = coding === 'latin-1' && isLatin1(mail.lines.join(''));
  const charset = isLatin ? 'iso-8859-1' : 'utf-8';
  const transfer = coding === 'quoted-printable' ? 'quoted-printable' : '8bit';
  const head = [
    `From: ${user}@${domain}`,
    'To: dist-alerts@ops.example.net',
    `Subject: ${encodeWords(subject)}`,
    `Date: ${mailDate(at, zoneOf(host))}`,
    `Message-ID: <${id}@${domain}>`,
    'MIME-Version: 1.0',
    `Content-Type: text/plain; charset=${charset}`,
    `Content-Transfer-Encoding: ${transfer}`,
  ];
  const body = mail.lines.map((line) => (transfer === '8bit' ? line : quote(line)));
  const text = [...head, '', ...body, ''].join('\r\n');
  return Buffer.from(text, isLatin ? 'latin1' : 'utf8');
}

/** The same message as a mailing list hands it on. */
export function throughList(source: Uint8Array): Uint8Array {
  const listed = 'Received: from mx.example.net by lists.example.net; Mon, 12 Oct 2026 00:00:00 +0000\r\n';
  return Buffer.concat([Buffer.from(listed), source]);
}

export function rawMail(source: Uint8Array, receivedAt: Date): RawMail {
  return { source, via: 'smtp', receivedAt };
}

/** `Mon, 12 Oct 2026 09:30:00 +0200`, as RFC 5322 (3.3) wants it. */
function mailDate(at: Date, timeZone: string): string {
  const offset = offsetOf(at, timeZone);
  const local = new Date(at.getTime() + offset * 60_000).toUTCString().replace(' GMT', '');
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `${local} ${offset < 0 ? '-' : '+'}${pad(hours)}${pad(minutes)}`;
}

/** A time without its zone, as the machine's own clock shows it. */
export function localTime(at: Date, host: string): string {
  return wallClock(at, zoneOf(host));
}

/** RFC 2047: words that are not ASCII. */
function encodeWords(text: string): string {
  if (isAscii(text)) return text;
  return `=?utf-8?B?${Buffer.from(text, 'utf8').toString('base64')}?=`;
}

/** RFC 2045 (6.7), with soft breaks after 70 characters. */
function quote(line: string): string {
  const coded = [...Buffer.from(line, 'utf8')].map((byte) =>
    byte === 61 || byte < 32 || byte > 126 ? `=${byte.toString(16).toUpperCase().padStart(2, '0')}` : byte,
  );
  const rows: string[] = [''];
  for (const one of coded) {
    const character = typeof one === 'number' ? String.fromCodePoint(one) : one;
    if ((rows.at(-1)?.length ?? 0) + character.length > 70) rows.push('');
    rows[rows.length - 1] += character;
  }
  return rows.join('=\r\n');
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text, 'utf8') === text.length;
}

function isLatin1(text: string): boolean {
  return Buffer.from(text, 'latin1').toString('latin1') === text;
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
