import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** ASCII and UTF-8, by the names that senders use. */
const utf8Name = /^(?:us-?ascii|ascii|utf-?8|unicode-1-1-utf-8)$/;
/** Transfer encodings and UTF-7 are no charsets of a body: UTF-7 hides markup from whoever looks for it. */
const refused = /utf-?7|base64|hex|binary/;
/** More names than that in one process are made up. */
const maxCached = 100;

interface Charset {
  decode(bytes: Uint8Array): string;
  /** @throws TypeError if the bytes are not of this charset. */
  decodeStrictly(bytes: Uint8Array): string;
}

const known = new Map<string, Charset | null>();

/** Decodes bytes by a charset's name; what is wrong becomes U+FFFD. An unknown charset is taken for UTF-8. */
export function decodeLoosely(bytes: Buffer, name: string): string {
  const label = name.trim().toLowerCase();
  if (label === '' || utf8Name.test(label)) return bytes.toString('utf8');
  return findCharset(label)?.decode(bytes) ?? bytes.toString('utf8');
}

/** Decodes bytes by a charset's name; as UTF-8, else as Latin-1, if the name or the bytes are wrong. */
export function decodeText(bytes: Buffer, name: string): string {
  const label = name.trim().toLowerCase();
  const charset = utf8Name.test(label) ? null : findCharset(label);
  try {
    if (charset !== null) return charset.decodeStrictly(bytes);
  } catch {
    // The sender named the wrong charset.
  }
  if (!isUtf8(bytes)) return bytes.toString('latin1');
  const text = bytes.toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function findCharset(label: string): Charset | null {
  const cached = known.get(label);
  if (cached !== undefined) return cached;
  const charset = openCharset(label);
  if (known.size < maxCached) known.set(label, charset);
  return charset;
}

function openCharset(label: string): Charset | null {
  try {
    const [loose, strict] = [new TextDecoder(label), new TextDecoder(label, { fatal: true })];
    return { decode: (bytes) => loose.decode(bytes), decodeStrictly: (bytes) => strict.decode(bytes) };
  } catch {
    if (refused.test(label) || !iconv.encodingExists(label)) return null;
    const decode = (bytes: Uint8Array) => iconv.decode(Buffer.from(bytes), label);
    return { decode, decodeStrictly: decode };
  }
}
