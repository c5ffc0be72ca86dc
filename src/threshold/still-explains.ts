import type { Level } from '../domain/level.ts';

/** What of a ticket fails still, seen from its explanation. */
export interface LeftOver {
  /** Distinct devices. */
  readonly devices: number;
  /** Distinct next narrower parts, such as the servers of a package. */
  readonly parts: number;
  /** Devices that a server needs to be the cause; `null` where the explanation is no server. */
  readonly needed: number | null;
}

/**
 * Decides whether a ticket's explanation still holds for what is left of it once some of its symptoms are over: a server
 * as long as enough devices behind it fail, everything else as long as two of its parts do.
 */
export function stillExplains(
  level: Level,
  { devices, parts, needed }: LeftOver,
): {
  readonly holds: boolean;
  readonly reason: 'one-device' | 'enough-devices' | 'several-parts' | 'too-little-left';
} {
  if (level === 'device') return { holds: true, reason: 'one-device' };
  if (level === 'root' || level === 'root-of-package') {
    const holds = needed === null || devices >= needed;
    return { holds, reason: holds ? 'enough-devices' : 'too-little-left' };
  }
  return parts >= 2 ? { holds: true, reason: 'several-parts' } : { holds: false, reason: 'too-little-left' };
}
