import type { ThresholdRule } from '../policy.ts';
import type { AlertState } from '../alert.ts';

/** A rule that somebody set in Slack; it stands in for the rule with the same selector. */
export interface ThresholdOverride {
  readonly id: number;
  readonly rule: Omit<ThresholdRule, 'id'>;
  /** `TEAM/USER`. */
  readonly setBy: string;
  readonly setAt: Date;
}

/** What totals are about; what is null is not limited. */
export interface Part {
  readonly device: string | null;
  readonly region: string | null;
  readonly building: string | null;
  /** The distribution server. */
  readonly server: string | null;
}

/** The alerts that are in the totals: all but those of outages and suppressed ones. */
export const totalStates = [
  'counted',
  'held',
  'ticketed',
  'expired',
] as const satisfies readonly AlertState[];

export interface Totals {
  /** By failure type, the most frequent first. */
  readonly failures: readonly {
    readonly failure: string;
    readonly alerts: number;
    readonly devices: number;
    readonly lastAt: Date;
  }[];
  /** By device and failure type, the first twenty. */
  readonly devices: readonly { readonly device: string; readonly failure: string; readonly alerts: number }[];
}

/** Thresholds that were changed while the bot ran (A9), and running totals (A7). */
export interface ThresholdTx {
  /** Rises with every change of the overrides. */
  thresholdVersion(): Promise<number>;
  /** The overrides in force, the oldest first. */
  thresholdOverrides(): Promise<readonly ThresholdOverride[]>;
  /** Puts an override in force; `key` names the selector, and another one with that key is replaced. */
  addThresholdOverride(key: string, override: Omit<ThresholdOverride, 'id'>): Promise<number>;
  /**
   * Takes the override back that is in force for this key, so that the one before it, else the config, is in force
   * again. null: there is none.
   */
  undoThresholdOverride(
    key: string,
    by: { readonly who: string; readonly at: Date },
  ): Promise<{ readonly undone: ThresholdOverride; readonly restored: ThresholdOverride | null } | null>;
  totals(part: Part): Promise<Totals>;
}
