import { createHash, timingSafeEqual } from 'node:crypto';

/** A source and the token that proves it. */
export interface TokenHolder {
  readonly source: string;
  readonly token: () => string;
}

/** Answers whose token an Authorization header bears, in the same time whatever it is; null: nobody's. */
export function createTokenCheck(
  holders: readonly TokenHolder[],
): (header: string | undefined) => string | null {
  const digests = holders
    .filter(({ token }) => token() !== '')
    .map(({ source, token }) => ({ source, digest: digestOf(token()) }));
  return (header) => {
    const given = digestOf(/^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? '');
    let found: string | null = null;
    for (const { source, digest } of digests) if (timingSafeEqual(digest, given)) found = source;
    return found;
  };
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
