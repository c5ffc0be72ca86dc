import type { IncomingMessage } from 'node:http';
import type { ByteBudget } from '../../domain/byte-budget.ts';
import { createGrowingBytes } from '../../domain/growing-bytes.ts';
import { HttpRefusal } from './replies.ts';

export interface BodyRules {
  /** Longest body taken, in bytes. */
  readonly maxBytes: number;
  /** Looks at each piece as it arrives; returns what is wrong with the body, `null` while nothing is. */
  readonly check: (piece: Uint8Array) => string | null;
  /** Room for the bodies of all requests. What is taken stays taken until `release`. */
  readonly budget: ByteBudget;
  /** The answer while there is no room. */
  readonly busy: HttpRefusal;
}

export interface Body {
  readonly bytes: Uint8Array;
  /** Gives the room back; to be called once the body is not needed anymore. */
  release(): void;
}

/**
 * Reads a body to its end, and holds no more of it than is allowed.
 * @throws HttpRefusal 413 for one that is too long, 415 for one that is compressed, 400 for one that `check` refuses, and
 * `busy` if too much is held already.
 */
export async function readBody(request: IncomingMessage, rules: BodyRules): Promise<Body> {
  const { maxBytes, check, budget, busy } = rules;
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw new HttpRefusal(415, `send the body as it is, not as ${encoding}`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLong(maxBytes);
  const body = createGrowingBytes();
  const release = () => budget.giveBack(body.length);
  try {
    // Left open when it is refused: the answer goes over the same connection.
    const stream: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
    for await (const piece of stream) {
      if (body.length + piece.length > maxBytes) throw tooLong(maxBytes);
      if (!budget.take(piece.length)) throw busy;
      body.add(piece);
      const fault = check(piece);
      if (fault !== null) throw new HttpRefusal(400, `${fault}; nothing of it was taken`);
    }
  } catch (error) {
    release();
    throw error;
  }
  return { bytes: body.bytes(), release };
}

function tooLong(maxBytes: number): HttpRefusal {
  return new HttpRefusal(413, `the body is longer than ${maxBytes} bytes; send fewer alerts at once`);
}
