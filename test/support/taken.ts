import type { ClaimedDelivery } from '../../src/domain/store/deliveries.ts';

/** A claim that there must be. */
export function taken(claim: ClaimedDelivery | null): ClaimedDelivery {
  if (!claim) throw new Error('nothing was claimed');
  return claim;
}
