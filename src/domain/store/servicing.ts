/** How far a server has been looked after. */
export interface ServicingTx {
  /** Up to when all of a server's failures were redistributed, or found to be none; null: never. */
  servicedUntil(server: string): Promise<Date | null>;
  /** Up to when its logs are known without a gap from that time on: what failed there is among the failed jobs. null: not. */
  gatheredUntil(server: string, from: Date): Promise<Date | null>;
  /** Notes that a server is serviced for this slot of its schedule; false where it was already. */
  takeServicing(server: string, slot: Date): Promise<boolean>;
  /** When the oldest failure of a server that is not cleared happened, since then; null: there is none. */
  oldestFailure(server: string, since: Date | null): Promise<Date | null>;
}
