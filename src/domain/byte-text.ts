/** Bytes that are no UTF-8 stand in text as characters of a private area, one for each: nobody else uses these. */
const firstStandIn = 0x10_f7_00;
const standIn = /[\u{10f700}-\u{10f7ff}]/u;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Any bytes as text that every database keeps; `encodeText` gives exactly these bytes again. An argument that is
 * UTF-8 is what it says.
 */
export function decodeBytes(bytes: Uint8Array): string {
  const whole = decodeStrictly(bytes);
  if (whole !== null) return whole;
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOf(bytes[at] ?? 0);
    const character = length > bytes.length - at ? null : decodeStrictly(bytes.subarray(at, at + length));
    text += character ?? String.fromCodePoint(firstStandIn + (bytes[at] ?? 0));
    at += character === null ? 1 : length;
  }
  return text;
}

/** The bytes that the text stands for. */
export function encodeText(text: string): Uint8Array {
  const encoder = new TextEncoder();
  if (!standIn.test(text)) return encoder.encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    if (standIn.test(character)) bytes.push((character.codePointAt(0) ?? 0) - firstStandIn);
    else bytes.push(...encoder.encode(character));
  }
  return Uint8Array.from(bytes);
}

/** Whether it stands for bytes that are no text. */
export function isBinary(text: string): boolean {
  return standIn.test(text);
}

/** null: they are no UTF-8, or hold a stand-in themselves. */
function decodeStrictly(bytes: Uint8Array): string | null {
  try {
    const text = strict.decode(bytes);
    return standIn.test(text) ? null : text;
  } catch {
    return null;
  }
}

/** Of the UTF-8 sequence that such a byte begins; 1 where it begins none. */
function lengthOf(byte: number): number {
  if (byte >= 0xf0) return 4;
  if (byte >= 0xe0) return 3;
  return byte >= 0xc0 ? 2 : 1;
}
