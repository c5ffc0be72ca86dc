import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { createRelayMailer } from '../../../src/adapters/mail/relay-mailer.ts';

const mail = {
  from: 'restage@example.net',
  to: ['maint@example.net', 'boss@example.net'],
  subject: '[ticket 12] int-38: Störung',
  text: 'Device: int-38\n',
  messageId: 'd1.ticket-12@example.net',
};

const ever = new AbortController().signal;

let server: SMTPServer | null = null;
afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

/** A relay that takes what it gets, unless `options` say otherwise; answers its port and what it took. */
async function startRelay(options: SMTPServerOptions = {}) {
  const taken: { readonly to: readonly string[]; readonly source: string }[] = [];
  const relay = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        taken.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          source: Buffer.concat(chunks).toString(),
        });
        callback();
      });
    },
    ...options,
  });
  server = relay;
  await new Promise<void>((resolve) => {
    relay.listen(0, '127.0.0.1', resolve);
  });
  const { port } = relay.server.address() as AddressInfo;
  return { mailer: createRelayMailer({ host: '127.0.0.1', port }), taken };
}

describe('A19: a ticket by mail, through the site’s relay', () => {
  test('arrives at everybody, under a Message-ID that stays the same', async () => {
    const { mailer, taken } = await startRelay();
    await mailer.send(mail, ever);
    expect(taken).toHaveLength(1);
    expect(taken[0]?.to).toEqual(mail.to);
    expect(taken[0]?.source).toMatch(/^Message-ID: <d1\.ticket-12@example\.net>\r$/im);
    expect(taken[0]?.source).toMatch(/^Auto-Submitted: auto-generated\r$/im);
  });

  test.each([
    [550, 'refused'],
    [451, 'not-sent'],
  ])('that the relay answers with %i was %s', async (responseCode, failure) => {
    const { mailer } = await startRelay({
      onRcptTo: (_address, _session, callback) => callback(Object.assign(new Error('no'), { responseCode })),
    });
    await expect(mailer.send(mail, ever)).rejects.toMatchObject({ name: 'ChatError', failure });
  });

  test('is not sent where no relay listens', async () => {
    const mailer = createRelayMailer({ host: '127.0.0.1', port: 1 });
    await expect(mailer.send(mail, ever)).rejects.toMatchObject({ failure: 'not-sent' });
  });

  test('may have arrived when the relay goes away without an answer', async () => {
    const { mailer } = await startRelay({
      onData(stream) {
        stream.on('data', () => {});
        stream.on('end', () => server?.close());
        stream.on('end', () => connections.forEach((socket) => socket.destroy()));
      },
    });
    const connections = new Set<{ destroy(): void }>();
    server?.server.on('connection', (socket) => connections.add(socket));
    await expect(mailer.send(mail, ever)).rejects.toMatchObject({ failure: 'unknown' });
    server = null;
  });

  test('may have arrived when it is aborted while the relay takes its time; its connection ends', async () => {
    const aborting = new AbortController();
    const { mailer } = await startRelay({
      onData(stream) {
        stream.resume();
        stream.on('end', () => aborting.abort(new Error('the lease is lost')));
      },
    });
    const ended = new Promise((resolve) => {
      server?.server.on('connection', (socket) => socket.once('close', resolve));
    });
    await expect(mailer.send(mail, aborting.signal)).rejects.toMatchObject({ failure: 'unknown' });
    await ended;
  });
});
