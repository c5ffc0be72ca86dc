interface WebPlace {
  readonly url: string;
  readonly bearer: (() => string) | null;
}

interface Limits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

const redirectsFollowed = 5;

/**
 * The body of an HTTP answer, as text. Redirects are followed to http and https only, and never from https to
 * http; a token goes to the origin it was meant for, and nowhere else.
 */
export async function fetchText({ url, bearer }: WebPlace, { timeoutMs, maxBytes }: Limits): Promise<string> {
  const signal = AbortSignal.timeout(timeoutMs);
  const first = new URL(url);
  let at = first;
  for (let hops = 0; hops <= redirectsFollowed; hops += 1) {
    const authorization =
      bearer !== null && at.origin === first.origin ? { authorization: `Bearer ${bearer()}` } : {};
    const response = await fetch(at, { redirect: 'manual', signal, headers: authorization });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) {
      return readBody(response, maxBytes);
    }
    await response.body?.cancel();
    at = follow(at, location);
  }
  throw new Error(`it redirects more than ${redirectsFollowed} times`);
}

function follow(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href)) throw new Error('it redirects to something that is no URL');
  const to = new URL(location, from);
  const isSafe = to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:');
  if (!isSafe) throw new Error(`it redirects from ${from.protocol} to ${to.protocol}`);
  return to;
}

async function readBody(response: Response, maxBytes: number): Promise<string> {
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`it answered with status ${response.status}`);
  }
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  const chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array> = response.body ?? [];
  // Leaving the loop early cancels the body.
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Error(`it is longer than ${maxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
