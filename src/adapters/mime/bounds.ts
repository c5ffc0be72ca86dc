import { UnreadableMail } from '../../domain/mail.ts';

/** Bounds on reading one mail. Those on headers keep the work of the event loop linear, with a small factor. */
export const bounds = {
  /** Of one header block, the message's own or a part's, in bytes. */
  headerBytes: 262_144,
  /** In one header block. */
  fields: 1_000,
  /** Encoded words (RFC 2047) in one header block. */
  encodedWords: 1_000,
  /** Multiparts and embedded messages within each other. */
  nesting: 20,
  parts: 1_000,
  /** Of the text of all parts together, in UTF-16 units: formats look no further. */
  textLength: 262_144,
} as const;

/**
 * How strictly the bounds on structure hold. `strict`: a mail that exceeds them is unreadable, since padding could hide
 * a header that would have stopped it. `lenient`: it is cut, for a person who has seen it.
 */
export type Strictness = 'strict' | 'lenient';

/** @throws UnreadableMail unless `strictness` is lenient. */
export function exceeded(strictness: Strictness, reason: string, message: string): void {
  if (strictness === 'strict') throw new UnreadableMail(reason, message);
}
