import type { RawMail } from './mail.ts';

/** Whose word counts: `received` asks all gates, `no-probe` too but takes it for no probe, `vouched` only what it says. */
export type ReadingKind = 'received' | 'no-probe' | 'vouched';

/** Reads mail in a process of its own: what ends that process ends nothing else. */
export interface CarefulReader<Read> {
  /**
   * Reads one mail.
   * @throws ReaderEnded if the mail ended its reader, or kept it busy for too long.
   * @throws ReaderUnavailable if there is no reader, whatever the mail.
   */
  read(raw: RawMail, kind: ReadingKind): Promise<Read>;
  close(): Promise<void>;
}

/** The message says how the reader ended. */
export class ReaderEnded extends Error {
  override readonly name = 'ReaderEnded';
}

export class ReaderUnavailable extends Error {
  override readonly name = 'ReaderUnavailable';
}
