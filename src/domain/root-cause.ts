/** The failure type of a ticket at a server whose devices fail. */
export const rootCauseFailure = 'root-cause';

/** What fails behind a server: those alerts that one cause can explain. */
export interface Crowd {
  readonly server: string;
  readonly failure: string;
  /** Only what names this package (where none is named: this job); `null`: whatever is named. */
  readonly name: string | null;
}

/**
 * What such a ticket counts: `root-cause|server:int-38` for connections, `root-cause(failure=package)|server:int-38`,
 * `root-cause(failure=package, package=geo-db 7)|server:int-38`.
 */
export function rootCounterOf({ server, failure, name }: Crowd): string {
  const named = name === null ? '' : `, package=${name.replaceAll('|', '/').toLowerCase()}`;
  const limits = failure === 'connection' && name === null ? '' : `(failure=${failure}${named})`;
  return `${rootCauseFailure}${limits}|server:${server}`;
}

/** What a problem's cause is, and by which evidence. */
export interface Cause {
  readonly kind: 'package' | 'job' | 'server' | 'package-or-server' | 'unknown';
  readonly reason:
    | 'fails-at-several-servers'
    | 'other-packages-fail-there'
    | 'devices-behind-it-fail'
    | 'several-packages-fail-through-it'
    | 'fails-behind-one-server'
    | 'several-parts-fail'
    | 'one-device-fails';
  /** Those that leave it open. */
  readonly servers: readonly string[];
}

/** Where a ticket's alerts come from: one region and server, with how many alerts and devices. */
export interface Origin {
  /** In lower case; `null` if it is not known. */
  readonly region: string | null;
  readonly server: string | null;
  readonly alerts: number;
  readonly devices: number;
}
