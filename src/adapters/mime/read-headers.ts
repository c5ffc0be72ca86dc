/** All headers of a message, names in lower case, values decoded to Unicode, in the order of the message. */
export type Headers = ReadonlyMap<string, readonly string[]>;

const endOfHeaders = /\r?\n\r?\n/;
const headerField = /^([!-9;-~]+)[ \t]*:(.*)$/s;

/**
 * Reads the header block (RFC 5322 section 2.2) with its encoded words (RFC 2047). Raw 8-bit text, which is not
 * allowed but common, is UTF-8 where that is possible, else Latin-1. Lines that are no headers are left out.
 */
export function readHeaders(source: Uint8Array): Headers {
  const block = Buffer.from(source).toString('latin1').split(endOfHeaders, 1)[0] ?? '';
  const headers = new Map<string, string[]>();
  for (const line of block.replace(/\r?\n(?=[ \t])/g, '').split(/\r?\n/)) {
    const [, name, value] = headerField.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const key = name.toLowerCase();
    const values = headers.get(key);
    if (values === undefined) headers.set(key, [decodeValue(value)]);
    else values.push(decodeValue(value));
  }
  return headers;
}

function decodeValue(latin1: string): string {
  return decodeWords(decodeText(Buffer.from(latin1, 'latin1'), 'utf-8')).trim();
}

/** Decodes bytes by a charset's name, as UTF-8 or Latin-1 when the name or the bytes are wrong. */
function decodeText(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return charset === 'utf-8' ? Buffer.from(bytes).toString('latin1') : decodeText(bytes, 'utf-8');
  }
}

const encodedWord = /=\?([^?*\s]+)(?:\*[^?\s]*)?\?([bq])\?([^?\s]*)\?=/gi;
/** White space between two encoded words separates nothing. */
const betweenWords = /(\?=)\s+(?==\?[^?\s]+\?[bq]\?[^?\s]*\?=)/gi;

interface Word {
  readonly charset: string;
  readonly bytes: Uint8Array;
}

/** Neighbours in the same charset are joined before decoding: senders cut in the middle of a character. */
function decodeWords(text: string): string {
  let decoded = '';
  let end = 0;
  let pending: Word | null = null;
  const source = text.replace(betweenWords, '$1');
  for (const match of source.matchAll(encodedWord)) {
    const word = readWord(match);
    const between = source.slice(end, match.index);
    const continues: boolean = pending !== null && between === '' && pending.charset === word.charset;
    decoded += (continues ? '' : flush(pending)) + between;
    pending =
      continues && pending !== null ? { ...word, bytes: Buffer.concat([pending.bytes, word.bytes]) } : word;
    end = match.index + match[0].length;
  }
  return decoded + flush(pending) + source.slice(end);
}

function flush(word: Word | null): string {
  return word === null ? '' : decodeText(word.bytes, word.charset);
}

function readWord([, charset = '', encoding = '', text = '']: RegExpExecArray): Word {
  const bytes = encoding.toLowerCase() === 'b' ? Buffer.from(text, 'base64') : decodeQ(text);
  return { charset: charset.toLowerCase(), bytes };
}

function decodeQ(text: string): Uint8Array {
  const spaced = text.replaceAll('_', ' ');
  const raw = spaced.replace(/=([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(raw, 'latin1');
}
