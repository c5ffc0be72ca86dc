import { bounds, exceeded, type Strictness } from './bounds.ts';
import { type DelimiterScan, scanDelimiters } from './delimiters.ts';
import { type PartHeader, readPartHeader } from './part.ts';
import { decodeFields, type Headers, readFields } from './read-headers.ts';

/** One part of a message that has no parts itself. */
export interface Part {
  readonly header: PartHeader;
  readonly body: Buffer;
  /** It is the whole message. */
  readonly isRoot: boolean;
  /** Another part says the same. */
  readonly isAlternative: boolean;
}

/** The headers of a message that is embedded in this one. */
export interface EmbeddedHead {
  readonly embedded: Headers;
}

export interface Structure {
  /** In the order of the message. */
  readonly parts: readonly (Part | EmbeddedHead)[];
  /** What exceeds the bounds was left out. */
  readonly isCut: boolean;
}

/** A multipart whose end is not seen yet. */
interface Multipart {
  readonly boundary: string | null;
  readonly isAlternative: boolean;
  /** Multiparts and embedded messages around its parts. */
  readonly depth: number;
  hasPart: boolean;
}

interface Begun {
  readonly header: PartHeader;
  readonly start: number;
  readonly isRoot: boolean;
}

/**
 * Splits a message's body into its parts (RFC 2046), in one pass. Multiparts that are never closed end with the message,
 * or with the delimiter of one around them; preambles and epilogues are left out.
 * @throws UnreadableMail `nested-too-deep`, `too-many-parts`, `header-too-long`, `too-many-header-fields`.
 */
export function splitParts(root: Headers, body: Buffer, strictness: Strictness): Structure {
  return new Splitting(body, strictness).split(root);
}

class Splitting {
  readonly #body: Buffer;
  readonly #strictness: Strictness;
  readonly #scan: DelimiterScan;
  readonly #parts: (Part | EmbeddedHead)[] = [];
  #open: Multipart[] = [];
  #begun: Begun | null = null;
  #headerBytes = 0;
  #isCut = false;

  constructor(body: Buffer, strictness: Strictness) {
    this.#body = body;
    this.#strictness = strictness;
    this.#scan = scanDelimiters(body);
  }

  split(root: Headers): Structure {
    let at = this.#enter(root, 0, true);
    for (;;) {
      const found = this.#scan.next(at, this.#boundaries());
      this.#endPart(found === null ? this.#body.length : this.#contentEnd(at, found.start));
      if (found === null) break;
      at = found.isClosing ? this.#close(found.index, found.end) : this.#beginPart(found.index, found.end);
    }
    return { parts: this.#parts, isCut: this.#isCut || this.#scan.isExhausted() };
  }

  #boundaries(): (string | null)[] {
    return this.#open.map(({ boundary }) => boundary);
  }

  #depth(): number {
    return this.#open.at(-1)?.depth ?? 0;
  }

  #close(index: number, end: number): number {
    const owner = this.#open[index];
    const isInPreamble = index === this.#open.length - 1 && owner?.hasPart === false;
    if (!isInPreamble) this.#open = this.#open.slice(0, index);
    return end;
  }

  #beginPart(index: number, end: number): number {
    this.#open = this.#open.slice(0, index + 1);
    const owner = this.#open.at(-1);
    if (owner) owner.hasPart = true;
    const head = this.#readHead(end);
    return this.#enter(head.headers, head.end, false);
  }

  /** Takes up what these headers begin; answers where its content starts. */
  #enter(headers: Headers, start: number, isRoot: boolean): number {
    let [header, at, depth] = [readPartHeader(headers), start, this.#depth()];
    while (header.isEmbeddedMessage && this.#goDeeper(depth)) {
      depth += 1;
      const head = this.#readHead(at);
      this.#parts.push({ embedded: head.headers });
      [header, at] = [readPartHeader(head.headers), head.end];
    }
    if (header.type.startsWith('multipart/')) {
      if (this.#goDeeper(depth)) this.#openMultipart(header, depth + 1);
    } else if (this.#hasRoom()) this.#begun = { header, start: at, isRoot };
    return at;
  }

  #openMultipart({ boundary, type }: PartHeader, depth: number): void {
    const isAlternative = type === 'multipart/alternative' || this.#open.at(-1)?.isAlternative === true;
    this.#open.push({ boundary, isAlternative, depth, hasPart: false });
  }

  #goDeeper(depth: number): boolean {
    if (depth < bounds.nesting) return true;
    exceeded(
      this.#strictness,
      'nested-too-deep',
      `the message is nested deeper than ${bounds.nesting} levels`,
    );
    this.#isCut = true;
    return false;
  }

  #hasRoom(): boolean {
    if (this.#parts.length < bounds.parts) return true;
    exceeded(this.#strictness, 'too-many-parts', `the message has over ${bounds.parts} parts`);
    this.#isCut = true;
    return false;
  }

  #endPart(end: number): void {
    if (this.#begun === null) return;
    const { header, start, isRoot } = this.#begun;
    const isAlternative = this.#open.at(-1)?.isAlternative === true;
    const body = this.#body.subarray(start, Math.max(start, end));
    this.#parts.push({ header, body, isRoot, isAlternative });
    this.#begun = null;
  }

  /** The line end before a delimiter belongs to it. */
  #contentEnd(from: number, delimiterStart: number): number {
    let end = delimiterStart;
    if (end > from && this.#body[end - 1] === 0x0a) end -= 1;
    if (end > from && this.#body[end - 1] === 0x0d) end -= 1;
    return end;
  }

  /** Reads a part's headers, up to an empty line or a delimiter. */
  #readHead(start: number): { readonly headers: Headers; readonly end: number } {
    const boundaries = this.#boundaries();
    let at = start;
    let end = start;
    while (at < this.#body.length && this.#scan.at(at, boundaries) === null) {
      const newline = this.#body.indexOf(0x0a, at);
      end = newline < 0 ? this.#body.length : newline + 1;
      if (this.#isTooLong(start, end)) return { headers: new Map(), end: at };
      const isEmpty = end - at <= 2 && (end - at === 1 || this.#body[at] === 0x0d) && newline >= 0;
      if (isEmpty) break;
      at = end;
    }
    this.#headerBytes += at - start;
    const fields = readFields(this.#body.toString('latin1', start, at), this.#strictness);
    return { headers: decodeFields(fields, this.#strictness), end: Math.max(at, end) };
  }

  #isTooLong(start: number, end: number): boolean {
    const isWithin =
      end - start <= bounds.headerBytes && this.#headerBytes + end - start <= bounds.partHeaderBytes;
    if (isWithin) return false;
    exceeded(this.#strictness, 'header-too-long', 'the headers of its parts are too long');
    this.#isCut = true;
    return true;
  }
}
