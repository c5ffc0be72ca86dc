/** What was sent, by device: the only thing beside the workspace that the checker knows. */
export interface Ledger {
  /** The alert is on its way: from now on it may be counted. */
  offer(device: string, index: number): void;
  /** A door has accepted it: from now on it must be counted. */
  accept(device: string, index: number): void;
  readonly offered: ReadonlyMap<string, number>;
  readonly accepted: ReadonlyMap<string, number>;
}

export function createLedger(): Ledger {
  const [offered, accepted] = [new Map<string, number>(), new Map<string, number>()];
  const seen = new Set<string>();
  const note = (counts: Map<string, number>, kind: string, device: string, index: number) => {
    const key = `${kind} ${device} ${index}`;
    if (seen.has(key)) return;
    seen.add(key);
    counts.set(device, (counts.get(device) ?? 0) + 1);
  };
  return {
    offer: (device, index) => note(offered, 'offer', device, index),
    accept: (device, index) => note(accepted, 'accept', device, index),
    offered,
    accepted,
  };
}
