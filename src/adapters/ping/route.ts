import type { Hop, Route } from '../../domain/diagnosis.ts';

/** The hops as a route; of the silent ones at its end only the first is kept. */
export function toRoute(target: string, hops: readonly Hop[]): Route {
  const reached = hops.some(({ address }) => address === target);
  const lastAnswered = hops.findLastIndex(({ address }) => address !== null);
  return { target, hops: hops.slice(0, lastAnswered + 2), reached };
}
