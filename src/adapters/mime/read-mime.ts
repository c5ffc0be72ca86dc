import {
  type Mail,
  type MailHead,
  type OpenedMail,
  type PartialReason,
  type RawMail,
  UnreadableMail,
} from '../../domain/mail.ts';
import type { BodyText, ParsingBounds } from './body-text.ts';
import { bounds, type Strictness } from './bounds.ts';
import { readKeys } from './mail-key.ts';
import { readFirstMailbox } from './read-address.ts';
import { decodeFields, readFields, splitSource } from './read-headers.ts';
import { readPlainText } from './read-plainly.ts';
import type { Deadline } from './reading-thread.ts';
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
  /**
   * Reads the headers of a message, and nothing of its body: who sent it is known before that costs anything.
   * @throws UnreadableMail saying why, if the source has no headers, or more of them than a mail can have.
   */
  readonly openMail: (raw: RawMail) => OpenedMail;
  /**
   * Reads the MIME structure of a message. Its text is the plain text of all inline parts, then that of the attachments
   * that are plain text; a message that has only HTML is converted. Anything that can be read at all is read, however
   * malformed. A body that is longer than what is read of one mail is partial.
   * @throws UnreadableMail saying why, if the source exceeds the bounds, takes too long or ends the thread: a dead letter.
   * @throws ReadingStopped once it is stopped: nothing is said about the mail.
   */
  readonly readMime: (raw: RawMail, strictness?: Strictness) => Promise<Mail>;
  /** Before a stop: reads for one more second at most, so that no mail holds the stop up. */
  readonly stop: () => void;
  /** Ends the thread, and what it is reading. */
  readonly close: () => Promise<void>;
}

/** `within`: how long one mail may take; default: 10 s. */
export function createMimeReader(within?: Deadline): MimeReader {
  const library = createTextReader(undefined, within);
  const open = (raw: RawMail, strictness: Strictness): OpenedMail => {
    const { block, body, isHeaderCut } = splitSource(bufferOf(raw), strictness);
    const head = readHead(block, strictness);
    // The fields are spelled out: to spread them takes several times as long, and this is done for every mail.
    const finish = ({ text, isCut }: BodyText): Mail => {
      const { key, formerKey } = readKeys(head.headers, text, raw.source);
      const { from, subject, date, headers } = head;
      const partial = partialReason(raw, isHeaderCut, isCut);
      return { from, subject, date, headers, key, formerKey, text, partial };
    };
    return {
      head,
      async readBody() {
        const plain = readPlainText(head.headers, body);
        return finish(
          plain ?? (await library.read(raw.source, strictness === 'strict' ? bounds : lenientBounds)),
        );
      },
    };
  };
  return {
    openMail: (raw) => open(raw, 'strict'),
    readMime: async (raw, strictness = 'strict') => open(raw, strictness).readBody(),
    stop: () => library.stop(),
    close: () => library.close(),
  };
}

/** The bytes are shared, not copied. */
function bufferOf({ source }: RawMail): Buffer {
  return Buffer.isBuffer(source) ? source : Buffer.from(source.buffer, source.byteOffset, source.byteLength);
}

/** @throws UnreadableMail */
function readHead(block: string, strictness: Strictness): MailHead {
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
