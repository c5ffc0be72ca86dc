import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from 'vitest';
import { createTransport } from 'nodemailer';
import {
  type SmtpIntake,
  type SmtpIntakeOptions,
  createSmtpIntake,
} from '../../src/adapters/smtp/smtp-intake.ts';
import { RestageError } from '../../src/domain/errors.ts';
import { type MemoryDoor, createMemoryDoor } from '../support/memory-door.ts';
import { silentLog } from '../support/silent-log.ts';

const now = new Date('2026-11-23T13:00:00Z');
let running: SmtpIntake[] = [];

afterEach(async () => {
  const started = running;
  running = [];
  await Promise.all(started.map((intake) => intake.stop()));
});

async function startIntake(door: MemoryDoor, options: Partial<SmtpIntakeOptions> = {}): Promise<SmtpIntake> {
  const defaults = {
    host: '127.0.0.1',
    port: 0,
    allowFrom: ['127.0.0.0/8'],
    maxBytes: 10_000,
    log: silentLog,
  };
  const intake = createSmtpIntake({ ...defaults, door, clock: { now: () => now }, ...options });
  running.push(intake);
  await intake.start();
  return intake;
}

async function send({ port }: SmtpIntake, number: number, text = 'Device: int-38\n.\n'): Promise<string> {
  const transport = createTransport({ host: '127.0.0.1', port });
  const mail = {
    from: 'root@int-38.example.net',
    to: 'alerts@example.net',
    subject: `alert ${number}`,
    text,
  };
  const sent = await transport.sendMail({ ...mail, messageId: `<${number}@int-38>` });
  return sent.response;
}

describe('the SMTP listener', () => {
  test('answers 250 once the mail is committed, with the bytes as they came', async () => {
    const door = createMemoryDoor();
    const intake = await startIntake(door);
    expect(await send(intake, 1)).toMatch(/^250 /);
    expect(door.subjects).toEqual(['alert 1']);
    expect(door.mails[0]).toMatchObject({ via: 'smtp', receivedAt: now });
    const source = Buffer.from(door.mails[0]?.source ?? []).toString();
    expect(source).toMatch(/^Return-Path: <root@int-38\.example\.net>\r\n/);
    expect(source).toMatch(/\r\n\r\nDevice: int-38\r\n\.\r\n$/);
  });

  test('answers 451 when the door rejects; the sender comes again and is accepted', async () => {
    const door = createMemoryDoor();
    const intake = await startIntake(door);
    door.failNext(1);
    await expect(send(intake, 1)).rejects.toMatchObject({ responseCode: 451 });
    expect(door.subjects).toEqual([]);
    expect(await send(intake, 1)).toMatch(/^250 /);
    expect(door.subjects).toEqual(['alert 1']);
  });

  test('refuses a client of another network with 554', async () => {
    const door = createMemoryDoor();
    const intake = await startIntake(door, { allowFrom: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'] });
    await expect(send(intake, 1)).rejects.toMatchObject({ responseCode: 554 });
    expect(door.batches).toEqual([]);
  });

  test('says what to do where it can not listen', async () => {
    const { port } = await startIntake(createMemoryDoor());
    await expect(startIntake(createMemoryDoor(), { port })).rejects.toThrow(
      `Can't listen on 127.0.0.1 port ${port} (intake.smtp in the config): another program listens there; stop it, or choose another port.`,
    );
  });

  test.each(['10.0.0.0/99', 'example.net', ''])('does not start with %j as a network', (network) => {
    const create = () =>
      createSmtpIntake({
        host: '127.0.0.1',
        port: 0,
        allowFrom: [network],
        maxBytes: 1,
        door: createMemoryDoor(),
        log: silentLog,
        clock: { now: () => now },
      });
    expect(create).toThrow(RestageError);
    expect(create).toThrow(`allowFrom: "${network}" is no network`);
  });

  test('refuses a message that is too large with 552, whether its size is announced or not', async () => {
    const door = createMemoryDoor();
    const intake = await startIntake(door);
    await expect(send(intake, 1, 'x'.repeat(20_000))).rejects.toMatchObject({ responseCode: 552 });
    const message = `Subject: a\r\n\r\n${'x'.repeat(20_000)}\r\n.`;
    const replies = await talk(intake, [
      'EHLO a',
      'MAIL FROM:<a@b.de>',
      'RCPT TO:<c@d.de>',
      'DATA',
      message,
      'QUIT',
    ]);
    expect(replies).toContain('250 SIZE 10000');
    expect(replies.at(-2)).toMatch(/^552 /);
    expect(door.batches).toEqual([]);
  });

  test('records an empty sender, which marks a bounce; offers neither login nor TLS', async () => {
    const door = createMemoryDoor();
    const intake = await startIntake(door);
    const replies = await talk(intake, [
      'EHLO a',
      'MAIL FROM:<>',
      'RCPT TO:<c@d.de>',
      'DATA',
      'Subject: a\r\n\r\nb\r\n.',
      'QUIT',
    ]);
    expect(replies.at(-2)).toMatch(/^250 /);
    expect(replies.join(' ')).not.toMatch(/AUTH|STARTTLS/);
    expect(Buffer.from(door.mails[0]?.source ?? []).toString()).toMatch(/^Return-Path: <>\r\nSubject: a\r\n/);
  });

  test('answers the mail that it holds before it stops', async () => {
    const door = createMemoryDoor();
    const intake = await startIntake(door);
    const release = door.holdNext();
    const sent = send(intake, 1);
    await door.untilCalled(1);
    const stopped = intake.stop();
    release();
    expect(await sent).toMatch(/^250 /);
    await stopped;
    await expect(send(intake, 2)).rejects.toMatchObject({ code: 'ESOCKET' });
    expect(door.subjects).toEqual(['alert 1']);
  });
});

/** Says the lines one after the other, each when the one before is answered, and gives all lines of the answers. */
async function talk({ port }: SmtpIntake, lines: readonly string[]): Promise<string[]> {
  const socket = createConnection(port, '127.0.0.1');
  const waiting = [...lines];
  const answers: string[] = [];
  for await (const answer of createInterface({ input: socket })) {
    answers.push(answer.replace('-', ' '));
    const isLast = answer[3] === ' ';
    const next = isLast ? waiting.shift() : undefined;
    if (next !== undefined) socket.write(`${next}\r\n`);
  }
  return answers;
}
