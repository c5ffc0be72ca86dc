// @ts-check
// JavaScript, as the thread that parses mail uses it too.
import { isUtf8 } from 'node:buffer';

/**
 * Decodes bytes by a charset's name; as UTF-8, else as Latin-1, if the name or the bytes are wrong.
 * @param {Buffer} bytes
 * @param {string} charset
 * @returns {string}
 */
export function decodeText(bytes, charset) {
  if (!/^utf-?8$/i.test(charset)) {
    try {
      return new TextDecoder(charset, { fatal: true }).decode(bytes);
    } catch {
      // The sender named the wrong charset, or none.
    }
  }
  if (!isUtf8(bytes)) return bytes.toString('latin1');
  const text = bytes.toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
