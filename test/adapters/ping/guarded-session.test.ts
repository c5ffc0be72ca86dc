import type { Session } from 'net-ping';
import { expect, test } from 'vitest';
import { createGuardedSession } from '../../../src/adapters/ping/guarded-session.ts';

const asked = '10.0.0.1';
const other = '10.0.0.2';
const sequence = 7;

/** Stands in for net-ping's session, which believes whatever bears the right sequence number. */
class BelievingSession {
  reqs = { [sequence]: { target: asked } };
  believed: string[] = [];
  onSocketMessage(_buffer: Buffer, source: string): void {
    this.believed.push(source);
  }
}

function receive(buffer: Buffer, source: string): readonly string[] {
  const session: BelievingSession = Reflect.apply(createGuardedSession, null, [BelievingSession, {}]);
  session.onSocketMessage(buffer, source);
  return session.believed;
}

function ipHeader(destination: string): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.set(destination.split('.').map(Number), 16);
  return header;
}

function icmp(type: number, seq = sequence): Buffer {
  const message = Buffer.alloc(8);
  message[0] = type;
  message.writeUInt16BE(seq, 6);
  return message;
}

const reply = Buffer.concat([ipHeader('10.0.0.9'), icmp(0)]);
const errorAbout = (type: number, target: string) =>
  Buffer.concat([ipHeader('10.0.0.9'), icmp(type, 0), ipHeader(target), icmp(8)]);

test.each([
  ['a reply of the host that was asked', reply, asked, true],
  ['the same reply from another host', reply, other, false],
  [
    'a reply to a request that was never made',
    Buffer.concat([ipHeader('10.0.0.9'), icmp(0, 8)]),
    asked,
    false,
  ],
  ['"unreachable" about the host, from a router', errorAbout(3, asked), '10.0.9.1', true],
  ['"time exceeded" about the host, from a router', errorAbout(11, asked), '10.0.9.1', true],
  ['"unreachable" about another host', errorAbout(3, other), '10.0.9.1', false],
  ['a redirect', errorAbout(5, asked), '10.0.9.1', false],
  ['our own request, heard on loopback', Buffer.concat([ipHeader(asked), icmp(8)]), asked, false],
  ['a message that is cut short', reply.subarray(0, 24), asked, false],
  ['an error that is cut short', errorAbout(3, asked).subarray(0, 40), asked, false],
  ['nothing', Buffer.alloc(0), asked, false],
])('%s is believed or not', (_case, buffer, source, believed) => {
  expect(receive(buffer, source)).toEqual(believed ? [source] : []);
});

test('the guard is a session', () => {
  const session: Session = Reflect.apply(createGuardedSession, null, [BelievingSession, {}]);
  expect(session).toBeInstanceOf(BelievingSession);
});
