import type { SMTPServerDataStream } from 'smtp-server';
import { createGrowingBytes } from '../../domain/growing-bytes.ts';
import type { LargeMail, Room } from './large-mail.ts';
import type { Place } from './places.ts';
import { refusal } from './refusal.ts';

export interface MessageRules {
  /** Size of the largest message taken, in bytes. */
  readonly maxBytes: number;
  readonly largeMail: LargeMail;
  readonly place: Place;
}

export interface Message {
  readonly bytes: Uint8Array;
  /** Gives its room back; to be called once the message is not held anymore. */
  release(): void;
}

/** Each connection may bring so much at any time; what is longer waits for room. */
const smallBytes = 65_536;

/**
 * Reads a message to its end, which SMTP demands, but keeps no more of it than is allowed.
 * @throws refusal 552 for one that is too large.
 */
export async function readMessage(stream: SMTPServerDataStream, rules: MessageRules): Promise<Message> {
  const { maxBytes, largeMail, place } = rules;
  const message = createGrowingBytes();
  let size = 0;
  let room: Room | null = null;
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      size += piece.length;
      if (room === null && size > smallBytes && size <= maxBytes) {
        place.awaitUs(true);
        room = await largeMail.enter({ bytes: () => size, giveUp: () => place.evict() });
        place.awaitUs(false);
      }
      if (size <= maxBytes) message.add(piece);
    }
    if (stream.sizeExceeded || size > maxBytes)
      throw refusal(552, `The message is larger than ${maxBytes} bytes`);
  } catch (error) {
    room?.release();
    throw error;
  }
  room?.received();
  return { bytes: message.bytes(), release: () => room?.release() };
}
