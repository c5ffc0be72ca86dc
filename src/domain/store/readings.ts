/** Which intakes are being read, so that a start knows whether the last reader ended as it should. */
export interface ReadingTx {
  /**
   * Notes that this reader begins to read an intake. Returns `true` if a note stands there already: its reader ended without
   * taking it away, or is another bot that still runs.
   */
  beginReading(intake: string, reader: string, now: Date): Promise<boolean>;
  /** Takes the reader's own note away. */
  endReading(intake: string, reader: string): Promise<void>;
}
