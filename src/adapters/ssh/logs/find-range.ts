import type { Period } from '../../../domain/redistribution.ts';

/** Bytes that are read piece by piece. */
export interface ByteSource {
  readonly size: number;
  /** These bytes; fewer only where the source ends. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** When a line was written; null: it does not say. */
export type ReadTime = (line: string) => Date | null;

interface Stamp {
  readonly offset: number;
  readonly time: number;
}

interface Block {
  readonly bytes: Uint8Array;
  readonly beginsLine: boolean;
}

const newline = 0x0a;
const blockBytes = 32 * 1024;
/** A line says when it was written within so many of its first bytes, or not at all. */
const stampBytes = 2048;
const blocksKept = 256;

/**
 * Where in a time-ordered file the lines of the period stand: half-open, from a line's start to a line's start. Lines
 * without a time belong to the one before them. Reads some 30 blocks of 32 KiB of a file of any size, more only where
 * long parts have no times. A file in which no line has a time is wanted whole.
 */
export async function findRange(
  source: ByteSource,
  timeOf: ReadTime,
  { from, until }: Period,
): Promise<{ readonly start: number; readonly end: number }> {
  const search = new Search(source, timeOf);
  const first = await search.findFirst(from.getTime(), 0);
  if (!first.hasTimes) return { start: 0, end: source.size };
  const last = await search.findFirst(until.getTime(), first.block);
  if (last.offset <= first.offset) return { start: first.offset, end: first.offset };
  // What a file begins with, before any time, goes on from the file before it.
  return { start: first.earlier === null ? 0 : first.offset, end: last.offset };
}

class Search {
  readonly #source: ByteSource;
  readonly #timeOf: ReadTime;
  readonly #blocks = new Map<number, Block>();

  constructor(source: ByteSource, timeOf: ReadTime) {
    this.#source = source;
    this.#timeOf = timeOf;
  }

  /** The first line at or after that time, by bisection over blocks from `lowest` on; the file's size: there is none. */
  async findFirst(time: number, lowest: number) {
    let low = lowest;
    let high = Math.ceil(this.#source.size / blockBytes);
    let later: number | null = null;
    let earlier: Stamp | null = null;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const stamp = await this.#firstStamp(middle, high);
      if (stamp !== null && stamp.time < time) {
        earlier = stamp;
        low = Math.floor(stamp.offset / blockBytes) + 1;
      } else {
        // Without any time in this part nothing in it can be the line.
        if (stamp !== null) later = stamp.offset;
        high = middle;
      }
    }
    const hasTimes = earlier !== null || later !== null;
    const within = earlier === null ? null : await this.#scan(earlier, time);
    const offset = within ?? later ?? this.#source.size;
    return { offset, earlier, hasTimes, block: Math.max(0, low - 1) };
  }

  /** The first line with a time that begins in these blocks. */
  async #firstStamp(from: number, until: number): Promise<Stamp | null> {
    for (let block = from; block < until; block++) {
      for await (const stamp of this.#stampsIn(block)) return stamp;
    }
    return null;
  }

  /** Of the lines that begin in the same block after that one, the first at or after the time. */
  async #scan(earlier: Stamp, time: number): Promise<number | null> {
    for await (const stamp of this.#stampsIn(Math.floor(earlier.offset / blockBytes))) {
      if (stamp.offset > earlier.offset && stamp.time >= time) return stamp.offset;
    }
    return null;
  }

  async *#stampsIn(block: number): AsyncGenerator<Stamp> {
    const begin = block * blockBytes;
    const { bytes, beginsLine } = await this.#read(block);
    const firstEnd = bytes.indexOf(newline);
    if (!beginsLine && firstEnd === -1) return;
    for (let at = beginsLine ? 0 : firstEnd + 1; at < bytes.length; ) {
      const end = bytes.indexOf(newline, at);
      const line = end === -1 ? await this.#lineAcross(block, at) : bytes.subarray(at, end);
      const time = this.#timeOf(Buffer.from(line.subarray(0, stampBytes)).toString('utf8'));
      if (time !== null) yield { offset: begin + at, time: time.getTime() };
      if (end === -1) return;
      at = end + 1;
    }
  }

  /** The beginning of a line that goes on in the next block. */
  async #lineAcross(block: number, at: number): Promise<Uint8Array> {
    const bytes = (await this.#read(block)).bytes.subarray(at);
    if (bytes.length >= stampBytes) return bytes;
    const next = (await this.#read(block + 1)).bytes;
    const end = next.indexOf(newline);
    return Buffer.concat([bytes, end === -1 ? next : next.subarray(0, end)]);
  }

  /** With the byte before it, which tells whether a line begins there. */
  async #read(block: number): Promise<Block> {
    const known = this.#blocks.get(block);
    if (known) return known;
    if (this.#blocks.size >= blocksKept) this.#blocks.clear();
    const before = block === 0 ? 0 : 1;
    const span = await this.#source.read(block * blockBytes - before, blockBytes + before);
    const read = { bytes: span.subarray(before), beginsLine: block === 0 || span[0] === newline };
    this.#blocks.set(block, read);
    return read;
  }
}
