import type { Copy } from '../../domain/chat.ts';

export interface DoublesDecision {
  /** The one that goes on; null if there is none. */
  readonly keep: Copy | null;
  /** Nobody has answered them: deleted. */
  readonly remove: readonly Copy[];
  /** People have answered them too: each becomes a link to the one that goes on. */
  readonly link: readonly Copy[];
}

/** Of the copies of one message, the earliest first, decides which stays: one that people answered, else the earliest. */
export function decideDoubles(copies: readonly Copy[]): DoublesDecision {
  const keep = copies.find(({ isTouched }) => isTouched) ?? copies[0] ?? null;
  const others = copies.filter((copy) => copy !== keep);
  return {
    keep,
    remove: others.filter(({ isTouched }) => !isTouched),
    link: others.filter(({ isTouched }) => isTouched),
  };
}
