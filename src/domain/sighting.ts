/** An alert as counting sees it. */
export interface Sighting {
  readonly at: Date;
  /** The device that it names. */
  readonly device: string;
  /** Repeats of it count once in a window; `null`: it is the only word of it. */
  readonly occurrence?: string | null;
}
