import {
  type Mail,
  type MailHead,
  type PartialReason,
  type RawMail,
  UnreadableMail,
} from '../../domain/mail.ts';
import type { BodyText, ParsingBounds } from './body-text.ts';
import { bounds, type Strictness } from './bounds.ts';
import { readKeys } from './mail-key.ts';
import { readFirstMailbox } from './read-address.ts';
import { decodeFields, readFields, type SplitSource, splitSource } from './read-headers.ts';
import { readPlainText } from './read-plainly.ts';
import { createTextReader } from './text-reader.ts';

const longestDate = 200;

/** For a person who has seen the mail: as much as the deadline and the memory of one mail allow. */
const lenientBounds: ParsingBounds = {
  textLength: bounds.textLength,
  nesting: Number.POSITIVE_INFINITY,
  headerBytes: Number.POSITIVE_INFINITY,
  parts: Number.POSITIVE_INFINITY,
};

/** Reads mail. What it does on the event loop is bounded, whatever the mail; the library works in a thread. */
export interface MimeReader {
  /** Reads headers alone; see `readHead`. */
  readonly readHead: typeof readHead;
  /**
   * Reads the MIME structure of a message. Its text is the plain text of all inline parts, then that of the attachments
   * that are plain text; a message that has only HTML is converted. Anything that can be read at all is read, however
   * malformed. A body that is longer than what is read of one mail is partial. `head`: what `readHead` returned for it, so
   * that headers are read once.
   * @throws UnreadableMail saying why, if the source exceeds the bounds, takes too long or ends the thread: a dead letter.
   * @throws ReadingStopped once it is stopped: nothing is said about the mail.
   */
  readonly readMime: (raw: RawMail, strictness?: Strictness, head?: MailHead) => Promise<Mail>;
  /** Before a stop: reads for one more second at most, so that no mail holds the stop up. */
  readonly stop: () => void;
  /** Ends the thread, and what it is reading. */
  readonly close: () => Promise<void>;
}

export function createMimeReader(): MimeReader {
  const library = createTextReader();
  const readBody = ({ headers }: MailHead, body: Buffer, raw: RawMail, strictness: Strictness) => {
    const plain = readPlainText(headers, body);
    return plain ?? library.read(raw.source, strictness === 'strict' ? bounds : lenientBounds);
  };
  return {
    readHead,
    async readMime(raw, strictness = 'strict', known?: MailHead) {
      const parts = split(raw, strictness);
      const head = known ?? headOf(parts, strictness);
      const { text, isCut }: BodyText = await readBody(head, parts.body, raw, strictness);
      return {
        ...head,
        ...readKeys(head.headers, text, raw.source),
        text,
        partial: partialReason(raw, parts.isHeaderCut, isCut),
      };
    },
    stop: () => library.stop(),
    close: () => library.close(),
  };
}

/**
 * Reads the headers of a message, and nothing of its body: who sent it is known before that costs anything.
 * @throws UnreadableMail saying why, if the source has no headers, or more of them than a mail can have.
 */
function readHead(raw: RawMail, strictness: Strictness = 'strict'): MailHead {
  return headOf(split(raw, strictness), strictness);
}

/** The bytes are shared, not copied. */
function bufferOf({ source: { buffer, byteOffset, byteLength } }: RawMail): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function split(raw: RawMail, strictness: Strictness): SplitSource {
  return splitSource(bufferOf(raw), strictness);
}

function headOf({ block }: SplitSource, strictness: Strictness): MailHead {
  const fields = readFields(block, strictness);
  const headers = decodeFields(fields, strictness);
  if (headers.size === 0) throw new UnreadableMail('unreadable', 'the message has no headers');
  return {
    // Addresses are read before encoded words are decoded.
    from: readFirstMailbox(fields.find(({ name }) => name === 'from')?.value ?? ''),
    subject: headers.get('subject')?.[0] ?? '',
    date: readDate(headers.get('date')?.[0]),
    headers,
  };
}

function partialReason(raw: RawMail, isHeaderCut: boolean, isBodyCut: boolean): PartialReason | null {
  if (isHeaderCut) return 'header-too-long';
  if (isBodyCut) return 'body-too-long';
  return raw.isCut === true ? 'source-cut' : null;
}

/** A date without a zone (RFC 5322 demands one) would depend on where the bot runs: it is none. */
function readDate(written: string | undefined): Date | null {
  if (written === undefined || written.length > longestDate) return null;
  if (!/(?:[+-]\d{4}|[a-z]{1,4})\s*(?:\([^)]*\)\s*)*$/i.test(written)) return null;
  const date = new Date(written);
  return Number.isNaN(date.getTime()) ? null : date;
}
