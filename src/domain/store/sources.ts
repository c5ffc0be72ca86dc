import type { Device } from '../device.ts';

/** Something that is read again and again, and may break: a calendar, the inventory. */
export interface SourceRecord {
  readonly name: string;
  /** What is wrong with it; null: nothing. */
  readonly fault: string | null;
  /** Since when. */
  readonly since: Date;
}

/** How sources are doing, from all bots together. */
export interface SourceTx {
  /** Notes how a source is doing; of several bots that see the same change, only the first is told of it. */
  noteSource(name: string, fault: string | null, now: Date): Promise<'broken' | 'recovered' | 'unchanged'>;
  /** All sources, by name. */
  sources(): Promise<readonly SourceRecord[]>;
  keepDevices(devices: readonly Device[], now: Date): Promise<void>;
  keptDevices(): Promise<readonly Device[] | null>;
}
