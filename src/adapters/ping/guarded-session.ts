import type { Session, SessionOptions } from 'net-ping';

type SessionClass = new (options: SessionOptions) => Session;

/**
 * net-ping's session, made to believe only replies about the address that was asked. The library matches
 * replies by id and sequence alone, so that another program's reply could bring a dead host to life.
 */
export function createGuardedSession(Base: SessionClass, options: SessionOptions): Session {
  class GuardedSession extends Base {
    protected override onSocketMessage(buffer: Buffer, source: string): void {
      const message = readMessage(buffer, source);
      if (message !== null && this.reqs[message.sequence]?.target === message.about) {
        super.onSocketMessage(buffer, source);
      }
    }
  }
  return new GuardedSession(options);
}

/** ICMP types (RFC 792) that say something about a request; redirects and the like are only remarks. */
const echoReply = 0;
const errors = new Set([3, 11]);

interface IcmpMessage {
  readonly sequence: number;
  /** The address that was pinged. */
  readonly about: string;
}

/** An echo reply comes from the address pinged; an error quotes the packet that it is about, header first. */
function readMessage(buffer: Buffer, source: string): IcmpMessage | null {
  const icmp = ipHeaderLength(buffer, 0);
  const type = buffer[icmp];
  if (type === echoReply && buffer.length >= icmp + 8) {
    return { sequence: buffer.readUInt16BE(icmp + 6), about: source };
  }
  const quoted = icmp + 8;
  if (type === undefined || !errors.has(type) || buffer.length < quoted + 20) return null;
  const quotedIcmp = quoted + ipHeaderLength(buffer, quoted);
  if (buffer.length < quotedIcmp + 8) return null;
  const about = [...buffer.subarray(quoted + 16, quoted + 20)].join('.');
  return { sequence: buffer.readUInt16BE(quotedIcmp + 6), about };
}

function ipHeaderLength(buffer: Buffer, offset: number): number {
  return ((buffer[offset] ?? 0) & 0x0f) * 4;
}
