import type { GateResult } from './gate.ts';

/** What one alert says (A6). Fields that the mail does not state are null. */
export interface AlertFields {
  /** The id that the sender gave the alert, not ours. */
  readonly alertId: string | null;
  readonly region: string | null;
  /** The device on which the distribution failed: a name in lower case, or an address. */
  readonly device: string;
  /** The device's IP or MAC as the mail states it beside the name; left out: it states none. */
  readonly address?: string | null;
  /** Who did not get the package, where that is not the device itself. */
  readonly recipient: string | null;
  /** Domain of the mail's source. */
  readonly domain: string | null;
  readonly package: string | null;
  /** The failure's type: `connection`, `package`, `access` or one that the site adds (A8). */
  readonly failure: string;
  /** The announced failure, in the sender's words. */
  readonly announced: string;
  /** The server that issued the distribution. */
  readonly distributionServer: string | null;
  readonly job: string | null;
  /** What a monitor checks at the device, such as Nagios's service; left out: the alert names none. */
  readonly service?: string | null | undefined;
  /** The sender's own stable name of what it watches, such as Alertmanager's fingerprint; left out: it has none. */
  readonly series?: string | null | undefined;
  /** Which attempt at the job failed; 1 is the original. */
  readonly attempt: number;
  readonly building: string | null;
  readonly room: string | null;
  /** When the failure happened, by the mail's own clock. */
  readonly at: Date;
  /** `false`: nothing says when it happened, and `at` is when the alert came; left out: it says so. */
  readonly ownTime?: boolean | undefined;
  /** What a repeat of this alert has in common with it; `null` or left out: it is an occurrence of its own. */
  readonly occurrence?: string | null | undefined;
}

/** The states of an alert; each is in exactly one. */
export const alertStates = ['counted', 'voided', 'held', 'suppressed', 'ticketed', 'expired'] as const;
export type AlertState = (typeof alertStates)[number];

/** Word from a device that something works again. What is null is not limited: any failure, package or job. */
export interface Recovery {
  readonly device: string;
  readonly failure: string | null;
  readonly package: string | null;
  readonly job: string | null;
  /** Left out: any recipient. */
  readonly recipient?: string | null | undefined;
  /** Left out: any service. */
  readonly service?: string | null | undefined;
  /** Left out: any series. */
  readonly series?: string | null | undefined;
  readonly at: Date;
}

/** What reading one mail came to: its end state, the gates it met, and the alerts or recoveries it carries. */
export type Reading =
  | {
      readonly state: 'accepted';
      readonly format: string;
      readonly alerts: readonly AlertFields[];
      readonly recoveries: readonly [];
      readonly gates: readonly GateResult[];
    }
  | {
      readonly state: 'rejected' | 'ignored' | 'dead-letter';
      readonly format: string | null;
      readonly alerts: readonly [];
      /** Only in the state `ignored`, with the reason `recovery`. */
      readonly recoveries: readonly Recovery[];
      readonly gates: readonly GateResult[];
    };
