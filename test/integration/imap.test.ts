import { execFile } from 'node:child_process';
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type ImapIntakeOptions, createImapIntake } from '../../src/adapters/imap/imap-intake.ts';
import { createLink } from '../../src/chaos/link.ts';
import type { Intake } from '../../src/domain/intake.ts';
import { type Dovecot, startDovecot } from '../support/dovecot.ts';
import { type MemoryDoor, createMemoryDoor } from '../support/memory-door.ts';

interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: object;
}

let dovecot: Dovecot;
let lines: LogLine[];
let running: Intake[] = [];

beforeAll(async () => {
  dovecot = await startDovecot();
});

afterEach(async () => {
  const started = running;
  running = [];
  await Promise.all(started.map((intake) => intake.stop()));
});

afterAll(async () => {
  await dovecot.stop();
});

function recordingLog(): ImapIntakeOptions['log'] {
  const record = (level: string) => (fields: object, message: string) => {
    lines.push({ level, message, fields });
  };
  return { debug: record('debug'), info: record('info'), warn: record('warn'), error: record('error') };
}

async function startIntake(
  user: string,
  door: MemoryDoor,
  options: Partial<ImapIntakeOptions> = {},
): Promise<Intake> {
  lines = [];
  const intake = createImapIntake({
    name: 'alerts',
    host: '127.0.0.1',
    port: dovecot.imapPort,
    secure: false,
    tlsCa: dovecot.tlsCa,
    user,
    password: () => dovecot.password,
    folder: 'INBOX',
    door,
    log: recordingLog(),
    clock: { now: () => new Date() },
    backoffMs: { firstMs: 20, maxMs: 100 },
    ...options,
  });
  running.push(intake);
  await intake.start();
  return intake;
}

function mail(number: number): string {
  const headers = [
    `Message-ID: <${number}@int-38.example.net>`,
    `Subject: alert ${number}`,
    'From: root@int-38.example.net',
  ];
  return `${headers.join('\r\n')}\r\n\r\nDevice: int-38\r\n`;
}

function mails(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => mail(from + index));
}

function subjects(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `alert ${from + index}`);
}

describe('the IMAP intake', () => {
  test('brings in what waits in the mailbox, in batches, and then what is pushed to it', async () => {
    const door = createMemoryDoor();
    await dovecot.deliverMany('bulk', mails(1, 550));
    await startIntake('bulk', door);
    await door.untilAdmitted(550);
    expect(door.subjects).toEqual(subjects(1, 550));
    expect(door.batches).toEqual([50, 100, 200, 200]);

    await dovecot.deliver('bulk', mail(551));
    await door.untilAdmitted(551);
    await dovecot.deliver('bulk', mail(552));
    await door.untilAdmitted(552);
    expect(door.subjects).toEqual(subjects(1, 552));
    expect(door.cursors.get('alerts/INBOX')?.lastUid).toBe(552);
    expect(door.mails[0]?.via).toBe('imap:alerts');
  });

  test('goes on where it stopped, and leaves the mailbox as it is', async () => {
    const door = createMemoryDoor();
    await dovecot.deliverMany('again', mails(1, 3));
    const first = await startIntake('again', door);
    await door.untilAdmitted(3);
    await first.stop();
    await dovecot.deliver('again', mail(4));
    await startIntake('again', door, { secure: true, port: dovecot.imapsPort });
    await door.untilAdmitted(4);
    expect(door.batches).toEqual([3, 1]);
    expect(readdirSync(join(dovecot.maildir('again'), 'cur')).every((file) => file.endsWith(':2,'))).toBe(
      true,
    );
  });

  test('loses nothing when the server is restarted in the middle of a batch and between two', async () => {
    const door = createMemoryDoor();
    await dovecot.deliverMany('restart', mails(1, 250));
    const release = door.holdNext();
    await startIntake('restart', door);
    await door.untilCalled(1);
    await dovecot.restart();
    release();
    await door.untilAdmitted(250);

    await dovecot.halt();
    await dovecot.restart();
    await dovecot.deliverMany('restart', mails(251, 260));
    await door.untilAdmitted(260);
    // A server that is asked while it takes mail in need not number it in the order of delivery.
    expect(door.subjects.toSorted()).toEqual(subjects(1, 260).toSorted());
    expect(door.batches.reduce((sum, size) => sum + size, 0)).toBe(260);
  });

  test('reads the mailbox from its first message when UIDVALIDITY changes; the door knows what it had', async () => {
    const door = createMemoryDoor();
    await dovecot.deliverMany('validity', mails(1, 5));
    await startIntake('validity', door);
    await door.untilAdmitted(5);
    const before = door.cursors.get('alerts/INBOX');

    await dovecot.restartWithNewUidValidity('validity');
    await dovecot.deliver('validity', mail(6));
    await door.untilAdmitted(6);
    expect(door.cursors.get('alerts/INBOX')?.uidValidity).not.toBe(before?.uidValidity);
    expect([...door.subjects].toSorted()).toEqual(subjects(1, 6));
    expect(lines.map(({ message }) => message)).toContain(
      'mailbox has a new UIDVALIDITY: reading it from its first message',
    );
  });

  test('offers the same batch again when the door fails twice, and skips none', async () => {
    const door = createMemoryDoor();
    door.failNext(2);
    await dovecot.deliverMany('door', mails(1, 30));
    await startIntake('door', door);
    await door.untilAdmitted(30);
    expect(door.batches).toEqual([30]);
    expect(lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
      'mail not committed, trying again',
      'mail not committed, trying again',
    ]);
  });

  test('ends at once when stopped while the door is out of order; the cursor still stands before the batch', async () => {
    const door = createMemoryDoor();
    door.failNext(Number.POSITIVE_INFINITY);
    await dovecot.deliverMany('stopped', mails(1, 3));
    const intake = await startIntake('stopped', door);
    await door.untilCalled(2);
    await intake.stop();
    expect(door.cursors.size).toBe(0);
  });

  test('finishes the batch that the door is committing before it stops', async () => {
    const door = createMemoryDoor();
    const release = door.holdNext();
    await dovecot.deliverMany('drain', mails(1, 3));
    const intake = await startIntake('drain', door);
    await door.untilCalled(1);
    const stopped = intake.stop();
    release();
    await stopped;
    expect(door.subjects).toEqual(subjects(1, 3));
  });

  test('long messages come in small batches, so that few bytes are held at once', async () => {
    const door = createMemoryDoor();
    const long = (number: number, bytes: number) =>
      mail(number) +
      'x'
        .repeat(997)
        .concat('\r\n')
        .repeat(bytes / 999);
    const some = [...mails(1, 3), long(4, 600_000), long(5, 600_000), mail(6), long(7, 1_200_000), mail(8)];
    await dovecot.deliverMany('long', some);
    await startIntake('long', door);
    await door.untilAdmitted(8);
    expect(door.subjects).toEqual(subjects(1, 8));
    expect(door.batches).toEqual([6, 1, 1]);
    expect(door.mails[6]?.source.byteLength).toBeGreaterThan(1_199_000);
  });

  test('a message that can not be read holds up no other', async () => {
    const door = createMemoryDoor();
    await dovecot.deliverMany('bad', mails(1, 6));
    const folder = join(dovecot.maildir('bad'), 'new');
    const files = readdirSync(folder).toSorted();
    chmodSync(join(folder, files[2] ?? ''), 0o000);
    await startIntake('bad', door);
    await door.untilAdmitted(5);
    await dovecot.deliver('bad', mail(7));
    await door.untilAdmitted(6);
    expect(door.subjects).toHaveLength(6);
    expect(door.subjects.at(-1)).toBe('alert 7');
    const errors = lines.filter(({ level }) => level === 'error').map(({ message }) => message);
    expect(errors).toEqual(['message left behind: it can not be fetched']);
  });

  test('takes bytes that are no mail at all to the door, which decides', async () => {
    const door = createMemoryDoor();
    await dovecot.deliverMany('junk', [Buffer.from([0x80, 0xff, 0x0a, 0x01, 0x0a]), mail(1)]);
    await startIntake('junk', door);
    await door.untilAdmitted(2);
    expect(door.subjects.at(-1)).toBe('alert 1');
  });

  test('says clearly that the password is wrong, keeps trying, and never writes it down', async () => {
    const door = createMemoryDoor();
    const passwords = ['wrong-horse', dovecot.password];
    await dovecot.deliver('login', mail(1));
    await startIntake('login', door, { password: () => passwords.shift() ?? dovecot.password });
    await door.untilAdmitted(1);
    const refusals = lines.filter(({ level }) => level === 'error');
    expect(refusals.map(({ message }) => message)).toEqual(['imap login refused: check user and password']);
    expect(JSON.stringify(lines)).not.toMatch(/horse/);
  });

  test('notices by a probe that a server has frozen while nothing was asked, and comes back when it has thawed', async () => {
    const door = createMemoryDoor();
    await startIntake('frozen', door, { probeMs: 300 });
    await dovecot.deliver('frozen', mail(1));
    await door.untilAdmitted(1);
    const pids = await imapProcesses(dovecot, 'frozen');
    expect(pids.length).toBeGreaterThan(0);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    await expect
      .poll(() => lines.map(({ message }) => message), { timeout: 10_000 })
      .toContain('imap connection lost, connecting again');
    await dovecot.deliver('frozen', mail(2));
    await door.untilAdmitted(2);
    for (const pid of pids) process.kill(pid, 'SIGCONT');
    expect(door.subjects).toEqual(subjects(1, 2));
  });

  test('gives up a connection that falls silent while a command runs, and reads on over the next one', async () => {
    const door = createMemoryDoor();
    const link = await createLink('127.0.0.1', { host: '127.0.0.1', port: dovecot.imapsPort });
    onTestFinished(() => link.close());
    const release = door.holdNext();
    await dovecot.deliver('mute', mail(1));
    await startIntake('mute', door, { port: link.port, secure: true, silenceMs: 300 });
    await door.untilCalled(1);
    link.turn('silent');
    release();
    const lost = () => lines.filter(({ message }) => message.startsWith('imap connection lost'));
    await expect.poll(() => lost().length, { timeout: 10_000 }).toBe(1);
    link.turn('open');
    await dovecot.deliver('mute', mail(2));
    await door.untilAdmitted(2);
    expect(door.subjects).toEqual(subjects(1, 2));
    expect(lost()[0]?.fields).toMatchObject({ cause: expect.stringMatching(/timeout/) });
  });
});

/** Process ids of the server's IMAP sessions of one user. */
async function imapProcesses({ configFile }: Dovecot, user: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)('/usr/bin/doveadm', ['-c', configFile, 'who', '-1', user]);
  const rows = stdout.trim().split('\n').slice(1);
  return rows.map((row) => Number(row.split(/\s+/)[2])).filter((pid) => pid > 0);
}
