import { decodeText } from './charsets.ts';

/** A structured header (RFC 2045 section 5.1): its value in lower case, and its parameters by name in lower case. */
export interface Structured {
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** A piece of a parameter (RFC 2231 section 3). */
interface Piece {
  readonly index: number;
  readonly text: string;
  readonly isEncoded: boolean;
}

/** More of them no header needs. */
const maxParameters = 200;
const continuation = /^([^*]+)\*(?:(\d{1,4})(\*)?)?$/;

/** Reads a header such as Content-Type, in one pass. What is malformed is left out. */
export function readStructured(header: string): Structured {
  const [first = '', ...rest] = splitAtSemicolons(header);
  const parameters = new Map<string, string>();
  const pieces = new Map<string, Piece[]>();
  for (const written of rest) {
    const equals = written.indexOf('=');
    if (equals < 0) continue;
    const name = written.slice(0, equals).trim().toLowerCase();
    const text = written.slice(equals + 1).trim();
    const match = continuation.exec(name);
    if (match === null) {
      if (!parameters.has(name)) parameters.set(name, text);
      continue;
    }
    const [, base = '', index, star] = match;
    const piece = { index: Number(index ?? 0), text, isEncoded: index === undefined || star !== undefined };
    pieces.set(base, [...(pieces.get(base) ?? []), piece]);
  }
  for (const [name, parts] of pieces) parameters.set(name, joinPieces(parts));
  return { value: first.trim().toLowerCase(), parameters };
}

/** Cuts at semicolons outside quotes; drops comments, and the quotes themselves. */
function splitAtSemicolons(header: string): string[] {
  const parts: string[] = [];
  let part = '';
  let isQuoted = false;
  let depth = 0;
  for (let at = 0; at < header.length && parts.length < maxParameters; at += 1) {
    const char = header.charAt(at);
    if (char === '\\' && (isQuoted || depth > 0)) {
      at += 1;
      if (isQuoted) part += header.charAt(at);
    } else if (isQuoted) {
      if (char === '"') isQuoted = false;
      else part += char;
    } else if (char === '(') depth += 1;
    else if (depth > 0) depth -= char === ')' ? 1 : 0;
    else if (char === '"') isQuoted = true;
    else if (char === ';') {
      parts.push(part);
      part = '';
    } else part += char;
  }
  parts.push(part);
  return parts;
}

function joinPieces(pieces: readonly Piece[]): string {
  const sorted = pieces.toSorted((one, other) => one.index - other.index);
  const [first] = sorted;
  const [charset = 'utf-8', , ...rest] = first?.isEncoded ? first.text.split("'") : [];
  const texts = sorted.map(({ text, isEncoded }, index) => {
    const written = index === 0 && rest.length > 0 ? rest.join("'") : text;
    return isEncoded ? decodePercents(written) : written;
  });
  return decodeText(Buffer.from(texts.join(''), 'latin1'), charset || 'utf-8');
}

/** Each byte becomes a character. */
function decodePercents(text: string): string {
  return text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
