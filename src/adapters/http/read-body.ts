import type { IncomingMessage } from 'node:http';
import { HttpRefusal } from './replies.ts';

/**
 * Reads a body to its end, keeping no more of it than is allowed.
 * @throws HttpRefusal 413 for one that is too long, 400 for one that is compressed.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw new HttpRefusal(400, `send the body as it is, not as ${encoding}`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLong(maxBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  // Left open when it is too long: the answer goes over the same connection.
  const stream: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) throw tooLong(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLong(maxBytes: number): HttpRefusal {
  return new HttpRefusal(413, `the body is longer than ${maxBytes} bytes; send fewer alerts at once`);
}
