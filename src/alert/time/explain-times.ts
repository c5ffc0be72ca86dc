import { type GateResult, passed } from '../../domain/gate.ts';
import type { ReadTime } from './read-time.ts';

/** Says in which zones times without one were read, and why: once for each zone and reason, with the first such time. */
export function explainTimes(read: readonly { readonly time: ReadTime }[]): readonly GateResult[] {
  const gates = new Map<string, GateResult>();
  for (const { time } of read) {
    if (time.choice === null) continue;
    const { reason, zone, written, at } = time.choice;
    const key = `${reason} ${zone}`;
    if (gates.has(key)) continue;
    gates.set(key, passed('time', reason, { zone, written, readAs: isoOf(at) }));
  }
  return [...gates.values()];
}

function isoOf(at: Date): string {
  return Number.isNaN(at.getTime()) ? 'no time' : at.toISOString();
}
