/** An alert as counting sees it. */
export interface Sighting {
  readonly at: Date;
  /** The device that it names. */
  readonly device: string;
}
