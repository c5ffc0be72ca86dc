import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { createSmtpIntake, type SmtpIntake } from '../../../src/adapters/smtp/smtp-intake.ts';
import { createMemoryDoor, type MemoryDoor } from '../../support/memory-door.ts';
import { silentLog } from '../../support/silent-log.ts';

let intake: SmtpIntake;
let sockets: Socket[] = [];
let lastId = 0;

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await intake.stop();
});

async function startIntake(door: MemoryDoor): Promise<void> {
  intake = createSmtpIntake({
    host: '127.0.0.1',
    port: 0,
    allowFrom: ['127.0.0.0/8'],
    maxBytes: 1_000_000,
    door,
    log: silentLog,
    clock: { now: () => new Date('2026-11-23T13:00:00Z') },
  });
  await intake.start();
}

/** A connection from an address of this host, and its replies one after the other; the last one is `null`. */
function connect(address = '127.0.0.1') {
  const socket = createConnection({ port: intake.port, host: '127.0.0.1', localAddress: address });
  socket.on('error', () => {});
  sockets.push(socket);
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const reply = async (): Promise<string | null> => {
    const { value, done } = await lines.next();
    if (done) return null;
    return value[3] === '-' ? reply() : value;
  };
  const say = (text: string | Buffer) => {
    socket.write(text);
    return reply();
  };
  return { socket, reply, say };
}

/** Begins a message, and returns the connection at the point where its bytes are expected. */
async function beginMessage(address?: string) {
  const connection = connect(address);
  await connection.reply();
  await connection.say('EHLO a\r\n');
  await connection.say('MAIL FROM:<a@example.net>\r\n');
  await connection.say('RCPT TO:<b@example.net>\r\n');
  expect(await connection.say('DATA\r\n')).toMatch(/^354 /);
  return connection;
}

async function sendMail(body: string, address?: string): Promise<string | null> {
  const { say } = await beginMessage(address);
  lastId += 1;
  return say(`Message-ID: <${lastId}@a>\r\nSubject: alert ${lastId}\r\n\r\n${body}\r\n.\r\n`);
}

describe('a flood of SMTP connections', () => {
  it('that only dribble shuts nobody out: the slowest makes room with 421', async () => {
    await startIntake(createMemoryDoor());
    const dribblers = Array.from({ length: 200 }, () => connect('127.0.0.2'));
    await Promise.all(dribblers.map(({ reply }) => reply()));
    expect(await sendMail('Device: int-38', '127.0.0.1')).toMatch(/^250 /);
    const said = await Promise.race(dribblers.map(({ reply }) => reply()));
    expect(said).toMatch(/^421 /);
  });

  it('that bring large mails is taken a few at a time, and nothing is lost', async () => {
    const door = createMemoryDoor();
    await startIntake(door);
    const body = `${'x'.repeat(70)}\r\n`.repeat(12_000);
    const replies = await Promise.all(Array.from({ length: 40 }, (_, n) => sendMail(`${body}${n}`)));
    expect(new Set(replies.map((reply) => reply?.slice(0, 3)))).toEqual(new Set(['250']));
    expect(door.mails).toHaveLength(40);
  });

  it('that begin large mails and then stall does not stop a large mail that moves', async () => {
    const door = createMemoryDoor();
    await startIntake(door);
    const stalled = await Promise.all(Array.from({ length: 24 }, () => beginMessage('127.0.0.2')));
    for (const { socket } of stalled) socket.write(`Subject: a\r\n\r\n${'x'.repeat(200_000)}`);
    await Promise.all(stalled.map(async ({ socket }) => socket.writableNeedDrain && once(socket, 'drain')));
    expect(await sendMail('y'.repeat(500_000))).toMatch(/^250 /);
    expect(await Promise.race(stalled.map(({ reply }) => reply()))).toMatch(/^421 /);
  });
});

describe('odd SMTP', () => {
  const end = '\r\n.\r\n';

  it.each([
    ['a bare LF before the end', 'a\n.\r\nMAIL FROM:<evil@example.net>\r\n'],
    ['a bare LF after it', 'a\r\n.\nMAIL FROM:<evil@example.net>\r\n'],
    ['bare LFs alone', 'a\n.\nMAIL FROM:<evil@example.net>\n'],
    ['bare CRs', 'a\r.\rMAIL FROM:<evil@example.net>\r'],
    ['a NUL in the end', 'a\r\n\0.\r\nMAIL FROM:<evil@example.net>\r\n'],
  ])('%s ends no message: nothing can be smuggled in', async (_what, smuggled) => {
    const door = createMemoryDoor();
    await startIntake(door);
    const { say } = await beginMessage();
    expect(await say(`Subject: one\r\n\r\n${smuggled}${end}`)).toMatch(/^250 /);
    expect(door.mails).toHaveLength(1);
    expect(Buffer.from(door.mails[0]?.source ?? []).toString()).toContain('evil@example.net');
  });

  it('a message of nothing but stuffed dots is held as its bytes, not as millions of pieces', async () => {
    const door = createMemoryDoor();
    await startIntake(door);
    const { say } = await beginMessage();
    expect(await say(`Subject: dots\r\n\r\n${'..\r\n'.repeat(20_000)}.\r\n`)).toMatch(/^250 /);
    const source = door.mails[0]?.source;
    expect(source?.buffer.byteLength).toBeLessThan(2 * (source?.byteLength ?? 0) + 65_536);
  });

  it.each([
    ['a command before EHLO', 'MAIL FROM:<a@example.net>\r\n', /^503 /],
    ['BDAT, which is not offered', 'BDAT 5 LAST\r\n', /^500 /],
    ['a wizard', 'WIZ please\r\n', /^500 /],
    ['HTTP', 'GET / HTTP/1.1\r\n', /^421 /],
    ['a line that never ends', `EHLO ${'a'.repeat(5_000)}`, /^421 /],
    ['NULs', '\0\0\0\r\n', /^500 /],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x0d, 0x0a]), /^500 /],
  ])('%s is answered', async (_what, said, expected) => {
    await startIntake(createMemoryDoor());
    const { reply, say } = connect();
    await reply();
    expect(await say(said)).toMatch(expected);
  });

  it('what is said before the greeting ends the session with 421', async () => {
    await startIntake(createMemoryDoor());
    const { say } = connect();
    expect(await say('EHLO a\r\nMAIL FROM:<a@example.net>\r\n')).toMatch(/^421 /);
  });

  it('of thousands of recipients a hundred are taken, and the rest get 452', async () => {
    await startIntake(createMemoryDoor());
    const { reply, say } = connect();
    await reply();
    await say('EHLO a\r\n');
    await say('MAIL FROM:<a@example.net>\r\n');
    for (let n = 0; n < 100; n += 1) expect(await say(`RCPT TO:<r${n}@example.net>\r\n`)).toMatch(/^250 /);
    expect(await say('RCPT TO:<one-more@example.net>\r\n')).toMatch(/^452 /);
  });

  it('a message whose SIZE was a lie is taken or refused by its real size', async () => {
    await startIntake(createMemoryDoor());
    const { reply, say } = connect();
    await reply();
    await say('EHLO a\r\n');
    expect(await say('MAIL FROM:<a@example.net> SIZE=9000000\r\n')).toMatch(/^552 /);
    expect(await say('MAIL FROM:<a@example.net> SIZE=10\r\n')).toMatch(/^250 /);
    await say('RCPT TO:<b@example.net>\r\n');
    await say('DATA\r\n');
    expect(await say(`Subject: a\r\n\r\n${'x'.repeat(1_100_000)}${end}`)).toMatch(/^552 /);
  });

  it('a sender that leaves in the middle leaves nothing behind', async () => {
    const door = createMemoryDoor();
    await startIntake(door);
    const { socket } = await beginMessage();
    socket.end('Subject: half');
    await once(socket, 'close');
    expect(await sendMail('Device: int-38')).toMatch(/^250 /);
    expect(door.mails).toHaveLength(1);
  });
});
