import { bounds, exceeded, type Strictness } from './bounds.ts';
import { decodeText } from './decode-text.js';

const encodedWord = /=\?([^?*\s]+)(?:\*[^?\s]*)?\?([bq])\?([^?\s]*)\?=/gi;
/** White space between two encoded words separates nothing. */
const betweenWords = /(\?=)\s+(?==\?[^?\s]+\?[bq]\?[^?\s]*\?=)/gi;

/** Words of one charset that stand together. */
interface Pending {
  readonly charset: string;
  readonly chunks: Buffer[];
}

/**
 * Returns a decoder of encoded words (RFC 2047) that counts them over one header block. Neighbors in the same charset
 * are joined before decoding: senders cut in the middle of a character.
 */
export function createWordDecoder(strictness: Strictness): (text: string) => string {
  let count = 0;
  return (text) => {
    if (!text.includes('=?')) return text;
    const source = text.replace(betweenWords, '$1');
    let decoded = '';
    let end = 0;
    let pending: Pending | null = null;
    for (const match of source.matchAll(encodedWord)) {
      count += 1;
      if (count > bounds.encodedWords) {
        exceeded(
          strictness,
          'too-many-encoded-words',
          `the headers have over ${bounds.encodedWords} encoded words`,
        );
        break;
      }
      const between = source.slice(end, match.index);
      const charset = (match[1] ?? '').toLowerCase();
      if (pending === null || between !== '' || pending.charset !== charset) {
        decoded += flush(pending) + between;
        pending = { charset, chunks: [] };
      }
      pending.chunks.push(readWord(match));
      end = match.index + match[0].length;
    }
    return decoded + flush(pending) + source.slice(end);
  };
}

function flush(pending: Pending | null): string {
  return pending === null ? '' : decodeText(Buffer.concat(pending.chunks), pending.charset);
}

function readWord([, , encoding = '', text = '']: RegExpExecArray): Buffer {
  return encoding.toLowerCase() === 'b' ? Buffer.from(text, 'base64') : decodeQ(text);
}

function decodeQ(text: string): Buffer {
  const spaced = text.replaceAll('_', ' ');
  const raw = spaced.replace(/=([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(raw, 'latin1');
}
