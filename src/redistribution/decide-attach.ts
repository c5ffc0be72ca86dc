/** A run that was sent before, by this bot or another, and what holds now. */
export interface AttachCheck {
  /** Whether its server has said that it has the run. */
  readonly seenOnServer: boolean;
  /** Where the server keeps the run; `null` if that was not stored. */
  readonly runFolder: string | null;
  /** Why it must not be started now; `null` if it may be. */
  readonly refusal: string | null;
  /** What of where and how commands run is not as it was approved; `null` if nothing. */
  readonly drift: string | null;
  /** Whether the drift is in where they run: another machine, or another user. */
  readonly isElsewhere: boolean;
}

export interface AttachDecision {
  /** `false`: it is only looked at. */
  readonly mayStart: boolean;
  /** What to make of it if the server does not have it: nobody knows (`lost`), or it never ran. */
  readonly ifMissing: { readonly kind: 'lost' | 'unstarted'; readonly reason: string };
}

/** Of a run that nobody has sent before. */
export const firstStart: AttachDecision = {
  mayStart: true,
  ifMissing: { kind: 'unstarted', reason: 'the server does not have it' },
};

/** Decides whether a run that was sent before may be sent again (B12): only to the place to which it was sent. */
export function decideAttach(check: AttachCheck): AttachDecision {
  const { seenOnServer, runFolder, refusal, drift, isElsewhere } = check;
  if (seenOnServer) return lost('the server does not have the run any more; look there');
  if (runFolder === null) return lost('a bot of an earlier version sent it; look on the server');
  const changed = drift === null ? null : `since it was sent the config was changed: ${drift}`;
  if (isElsewhere) return lost(`${changed}; look where it was sent`);
  const reason = refusal ?? changed;
  if (reason === null) return firstStart;
  return { mayStart: false, ifMissing: { kind: 'unstarted', reason } };
}

function lost(reason: string): AttachDecision {
  return { mayStart: false, ifMissing: { kind: 'lost', reason } };
}
