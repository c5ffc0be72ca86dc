import type { Level } from '../domain/level.ts';
import type { Cause } from '../domain/root-cause.ts';

/** What is known of a problem whose cause is asked for. */
export interface CauseInput {
  readonly level: Level;
  /** The failure that its alerts announce. */
  readonly failure: string;
  /** Its servers through which other packages fail as well. */
  readonly doubtfulServers: readonly string[];
}

/**
 * Decides what a problem's cause is, as far as its alerts tell. A package that fails at several servers is the cause,
 * except where other packages fail through one of them; one that fails behind a single server may be broken, or the
 * server may be. Several parts of a region or network that fail at once have a common cause which nobody knows yet.
 */
export function decideCause({ level, failure, doubtfulServers }: CauseInput): Cause {
  switch (level) {
    case 'package':
    case 'job':
      if (doubtfulServers.length > 0)
        return { kind: 'package-or-server', reason: 'other-packages-fail-there', servers: doubtfulServers };
      return { kind: level, reason: 'fails-at-several-servers', servers: [] };
    case 'root':
      if (failure === 'connection' || failure === 'access')
        return { kind: 'server', reason: 'devices-behind-it-fail', servers: [] };
      return { kind: 'server', reason: 'several-packages-fail-through-it', servers: [] };
    case 'root-of-package':
      return { kind: 'package-or-server', reason: 'fails-behind-one-server', servers: [] };
    case 'network':
    case 'region':
    case 'building':
    case 'server':
      return { kind: 'unknown', reason: 'several-parts-fail', servers: [] };
    case 'device':
      return { kind: 'unknown', reason: 'one-device-fails', servers: [] };
  }
}
