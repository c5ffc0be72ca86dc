import { createHash, timingSafeEqual } from 'node:crypto';

/** A source and the token that proves it. */
export interface TokenHolder {
  readonly source: string;
  readonly token: () => string;
  /**
   * What makes this source send again: 429, but 503 for Alertmanager, which gives up for good what any 4xx refuses.
   * @see https://github.com/prometheus/alertmanager/blob/main/notify/webhook/webhook.go
   */
  readonly busyStatus: 429 | 503;
}

/**
 * Returns a check that finds whose token an Authorization header bears, in the same time whatever the header is; `null` if it
 * is nobody's.
 */
export function createTokenCheck(
  holders: readonly TokenHolder[],
): (header: string | undefined) => TokenHolder | null {
  const digests = holders
    .filter(({ token }) => token() !== '')
    .map((holder) => ({ holder, digest: digestOf(holder.token()) }));
  return (header) => {
    const given = digestOf(/^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? '');
    let found: TokenHolder | null = null;
    for (const { holder, digest } of digests) if (timingSafeEqual(digest, given)) found = holder;
    return found;
  };
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
