/**
 * What a JSON text may hold. A parser needs time and memory for each of these, however short the text is.
 */
export interface JsonLimits {
  /** Objects and arrays inside each other. Alertmanager nests four. */
  readonly depth: number;
  /** Values and members, of all objects and arrays together. */
  readonly items: number;
  /** Members of one object. */
  readonly members: number;
  readonly keyBytes: number;
  readonly stringBytes: number;
  /** Longest number or word, in bytes. */
  readonly scalarBytes: number;
  /** Keys of digits alone. Engines hash them so that keys can be chosen that collide, which costs time by the square. */
  readonly numberedKeys: number;
}

/** Alertmanager's densest group of 10 MB, some 43,000 alerts, is within these. */
export const jsonLimits: JsonLimits = {
  depth: 32,
  items: 500_000,
  members: 1_000,
  keyBytes: 1_024,
  stringBytes: 262_144,
  scalarBytes: 100,
  numberedKeys: 1_000,
};

/** Looks at a JSON text piece by piece as it arrives, before anything parses it. */
export interface JsonBounds {
  /** Returns what is too much, for the sender; `null` while everything is within bounds. Linear in the piece's bytes. */
  add(piece: Uint8Array): string | null;
}

export function createJsonBounds(limits: JsonLimits = jsonLimits): JsonBounds {
  const scan = new Scan(limits);
  return {
    add(piece) {
      let at = 0;
      while (at < piece.length && scan.fault === null) at = scan.take(piece, at);
      return scan.fault;
    },
  };
}

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const openBrace = 0x7b;
const brackets = { open: [0x5b, openBrace], close: [0x5d, 0x7d] } as const;

/** The bytes outside of strings that mean something, and those between values: tab, line ends, space, colon. */
const kinds = { scalar: 0, separator: 1, quote: 2, comma: 3, open: 4, close: 5 } as const;
const kindOfByte = new Uint8Array(256);
for (const byte of [0x09, 0x0a, 0x0d, 0x20, 0x3a]) kindOfByte[byte] = kinds.separator;
for (const byte of brackets.open) kindOfByte[byte] = kinds.open;
for (const byte of brackets.close) kindOfByte[byte] = kinds.close;
kindOfByte[quote] = kinds.quote;
kindOfByte[comma] = kinds.comma;

class Scan {
  fault: string | null = null;
  readonly #limits: JsonLimits;
  /** Members so far of each open object; -1 for an array. */
  readonly #open: number[] = [];
  #items = 0;
  #numberedKeys = 0;
  #inString = false;
  #isKey = false;
  #isEscaped = false;
  #isNumbered = false;
  /** Bytes of the string or the scalar that is being read. */
  #length = 0;

  constructor(limits: JsonLimits) {
    this.#limits = limits;
  }

  /** Looks at the bytes from `at` on, and returns where to go on. */
  take(piece: Uint8Array, at: number): number {
    if (this.#inString) return this.#takeString(piece, at);
    const next = this.#skipScalars(piece, at);
    const byte = piece[next];
    if (byte === undefined) return next;
    this.#length = 0;
    if (byte === quote) this.#beginString();
    else if (byte === comma) this.#beginItem();
    else if (kindOfByte[byte] === kinds.open) this.#enter(byte === openBrace);
    else this.#leave();
    return next + 1;
  }

  /** Returns where the next byte is that is part of no number or word. */
  #skipScalars(piece: Uint8Array, from: number): number {
    let at = from;
    let length = this.#length;
    for (; at < piece.length && length <= this.#limits.scalarBytes; at += 1) {
      const kind = kindOfByte[piece[at] ?? 0] ?? kinds.scalar;
      if (kind > kinds.separator) break;
      length = kind === kinds.separator ? 0 : length + 1;
    }
    this.#length = length;
    if (length > this.#limits.scalarBytes) this.fault = tooLong('a number or word', this.#limits.scalarBytes);
    return at;
  }

  #takeString(piece: Uint8Array, from: number): number {
    let at = from;
    let isEscaped = this.#isEscaped;
    let isNumbered = this.#isNumbered;
    for (; at < piece.length; at += 1) {
      const byte = piece[at] ?? 0;
      if (isEscaped) isEscaped = false;
      else if (byte === backslash) isEscaped = true;
      else if (byte === quote) break;
      else if (byte < 0x30 || byte > 0x39) isNumbered = false;
    }
    this.#isEscaped = isEscaped;
    this.#isNumbered = isNumbered;
    this.#length += at - from;
    this.#checkString();
    if (at < piece.length) this.#endString();
    return at + 1;
  }

  #checkString(): void {
    const { keyBytes, stringBytes } = this.#limits;
    if (this.#isKey && this.#length > keyBytes) this.fault = tooLong('a key', keyBytes);
    else if (this.#length > stringBytes) this.fault = tooLong('a string', stringBytes);
  }

  #beginString(): void {
    this.#inString = true;
    this.#isNumbered = true;
  }

  #endString(): void {
    this.#inString = false;
    if (this.#isKey && this.#isNumbered) this.#numberedKeys += 1;
    if (this.#numberedKeys > this.#limits.numberedKeys)
      this.fault = tooMany('keys that are numbers', this.#limits.numberedKeys);
    this.#isKey = false;
    this.#length = 0;
  }

  #beginItem(): void {
    this.#countItem();
    const members = this.#open.at(-1) ?? -1;
    this.#isKey = members >= 0;
    if (members < 0) return;
    this.#open[this.#open.length - 1] = members + 1;
    if (members + 1 >= this.#limits.members)
      this.fault = tooMany('members in one object', this.#limits.members);
  }

  #enter(isObject: boolean): void {
    this.#countItem();
    this.#open.push(isObject ? 0 : -1);
    this.#isKey = isObject;
    if (this.#open.length > this.#limits.depth)
      this.fault = `the body is nested more than ${this.#limits.depth} levels deep`;
  }

  #leave(): void {
    this.#open.pop();
    this.#isKey = false;
  }

  #countItem(): void {
    this.#items += 1;
    if (this.#items > this.#limits.items) this.fault = tooMany('values', this.#limits.items);
  }
}

function tooLong(what: string, bytes: number): string {
  return `${what} in the body is longer than ${bytes} bytes`;
}

function tooMany(what: string, count: number): string {
  return `the body has more than ${count} ${what}`;
}
