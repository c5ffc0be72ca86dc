import { chmod, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRecorderSite, type RecorderSite } from './run-recorder.ts';

const job = ['--job', 'nightly', '--package', 'geo-db', '--server', 'int-58', '--region', 'EU'];
const to = ['--mail-to', 'alerts@example.net', '--mail-from', 'restage@int-58.eu.example.net'];

let site: RecorderSite;
beforeEach(async () => {
  site = await createRecorderSite();
});
afterEach(() => site.remove());

/** A real mail server that keeps what it gets; it refuses mail whose text has the word. */
async function startMailServer(refusedWord = '\0') {
  const raw: string[] = [];
  let sessions = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onConnect: (_session, done) => {
      sessions++;
      done();
    },
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (!text.includes(refusedWord)) raw.push(text);
        done(text.includes(refusedWord) ? new Error('not wanted') : null);
      });
    },
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.server.address();
  return {
    raw,
    parseMails: () => Promise.all(raw.map((text) => simpleParser(text))),
    sessions: () => sessions,
    smtp: ['--smtp', `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`],
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(resolve);
      }),
  };
}

describe('an alert by mail', () => {
  it('says which recipient did not get which package, and why', async () => {
    const server = await startMailServer();
    const ran = await site.run([
      ...job,
      ...to,
      ...server.smtp,
      '--recipient',
      'client-012',
      '--attempt',
      '2',
      '--',
      'sh',
      '-c',
      'echo "no route to host" >&2; exit 12',
    ]);
    await server.stop();
    const mails = await server.parseMails();
    expect(ran).toMatchObject({ code: 12, stderr: 'no route to host\n' });
    expect(mails).toHaveLength(1);
    const [mail] = mails;
    expect(mail).toMatchObject({
      subject: '[restage] FAILED geo-db on client-012 (job nightly)',
      from: { text: 'restage@int-58.eu.example.net' },
    });
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail?.messageId).toMatch(/^<restage\.nightly.*@int-58\.eu\.example\.net>$/);
    const end = (await site.readLog())[1];
    expect(mail?.text?.trim().split('\n')).toEqual([
      'Alert-Id: nightly/2/client-012',
      'Region: EU',
      'Device: client-012',
      'Package: geo-db',
      'Failure: exit code 12: no route to host',
      'Server: int-58',
      'Job: nightly',
      'Attempt: 2',
      `At: ${String(end?.['at'])}`,
    ]);
  });

  const failing = [
    '--recipients',
    'a,b,c',
    '--failed-pattern',
    '^(.): no',
    '--',
    'sh',
    '-c',
    'echo "a: no"; echo "c: no"',
  ];

  it('goes out for each failed recipient, in one session', async () => {
    const server = await startMailServer();
    await site.run([...job, ...to, ...server.smtp, ...failing]);
    await server.stop();
    const mails = await server.parseMails();
    expect(mails.map(({ subject }) => / on (.) /.exec(subject ?? '')?.[1])).toEqual(['a', 'c']);
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(2);
    expect(server.sessions()).toBe(1);
  });

  it('goes out once for the job when that is wanted', async () => {
    const server = await startMailServer();
    await site.run([...job, ...to, ...server.smtp, '--mail-per', 'job', '--package', 'maps', ...failing]);
    await server.stop();
    const mails = await server.parseMails();
    expect(mails).toHaveLength(1);
    expect(mails[0]?.subject).toBe('[restage] FAILED geo-db, maps on 2 recipients (job nightly)');
    const blocks = mails[0]?.text?.trim().split('\n\n') ?? [];
    expect(blocks.map((block) => block.split('\n')[0])).toEqual([
      'Alert-Id: nightly/1/a/geo-db',
      'Alert-Id: nightly/1/a/maps',
      'Alert-Id: nightly/1/c/geo-db',
      'Alert-Id: nightly/1/c/maps',
    ]);
  });

  it('does not go out for a success', async () => {
    const server = await startMailServer();
    await site.run([...job, ...to, ...server.smtp, '--', 'true']);
    await server.stop();
    expect(server.sessions()).toBe(0);
  });

  it('cannot be given further headers or lines by what a tool prints', async () => {
    const server = await startMailServer();
    await site.run([
      ...job,
      ...to,
      ...server.smtp,
      '--recipient',
      'gerät',
      '--',
      'sh',
      '-c',
      String.raw`printf 'x\r\nBcc: evil@example.org\r\n.\r\nDATA\r\nDevice: other' >&2; exit 1`,
    ]);
    await server.stop();
    const mails = await server.parseMails();
    expect(mails).toHaveLength(1);
    expect(mails[0]?.headers.has('bcc')).toBe(false);
    expect(mails[0]?.text?.match(/^Device: .*$/gm)).toEqual(['Device: gerät']);
    expect(server.raw[0]).not.toMatch(/[^\r]\n/);
  });

  it('that one server refuses does not stop the others, and is recorded', async () => {
    const server = await startMailServer('nightly/1/a');
    const ran = await site.run([...job, ...to, ...server.smtp, ...failing]);
    await server.stop();
    const mails = await server.parseMails();
    expect(mails.map(({ subject }) => / on (.) /.exec(subject ?? '')?.[1])).toEqual(['c']);
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining('alert not mailed') });
    expect((await site.readLog())[2]).toMatchObject({
      event: 'mail',
      mailError: expect.stringContaining('not wanted'),
    });
  });

  it('that cannot be sent never changes the exit code', async () => {
    const ran = await site.run([...job, ...to, '--smtp', '127.0.0.1:1', '--', 'sh', '-c', 'exit 6']);
    expect(ran).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('alert not mailed: cannot connect to 127.0.0.1:1'),
    });
    expect((await site.readLog())[2]).toMatchObject({
      event: 'mail',
      mailError: expect.stringContaining('cannot connect'),
    });
  });

  it('survives a server that hangs up', async () => {
    const rude = createServer((socket) => socket.end('220 hello\r\n'));
    await new Promise<void>((resolve) => {
      rude.listen(0, '127.0.0.1', resolve);
    });
    const address = rude.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const ran = await site.run([...job, ...to, '--smtp', `127.0.0.1:${port}`, '--', 'sh', '-c', 'exit 6']);
    rude.close();
    expect(ran).toMatchObject({ code: 6, stderr: expect.stringContaining('alert not mailed') });
  });

  it('goes through a sendmail program when the site has one', async () => {
    const program = join(site.folder, 'sendmail');
    await writeFile(program, `#!/bin/sh\n{ echo "args: $*"; cat; } >>${site.folder}/sent\n`);
    await chmod(program, 0o755);
    await site.run([...job, ...to, '--sendmail', program, '--recipient', 'a', '--', 'false']);
    const sent = await readFile(join(site.folder, 'sent'), 'utf8');
    expect(sent).toMatch(/^args: -t -oi\nFrom: restage@int-58\.eu\.example\.net\nTo: alerts@example\.net\n/);
    expect(sent).toContain('\n\nAlert-Id: nightly/1/a\n');
  });
});
