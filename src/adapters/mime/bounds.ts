import { UnreadableMail } from '../../domain/mail.ts';

/**
 * Bounds on reading one mail. Together they keep the work linear in the size of the source, with a small factor:
 * reading happens on the event loop, and no mail may hold it.
 */
export const bounds = {
  /** Of one header block, in bytes. */
  headerBytes: 262_144,
  /** In one header block. */
  fields: 1_000,
  /** Encoded words (RFC 2047) in one header block. */
  encodedWords: 1_000,
  /** Multiparts and embedded messages within each other. */
  nesting: 20,
  parts: 1_000,
  /** Of the headers of all parts together, in bytes. */
  partHeaderBytes: 1_048_576,
  /** Lines that begin as a delimiter does. */
  delimiterLines: 10_000,
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
