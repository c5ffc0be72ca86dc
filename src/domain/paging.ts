import type { WallTime } from './zoned-time.ts';

/** Whom to page, when nobody answers whom next, and about what (A19). All durations are in ms. */
export interface PagingPolicy {
  readonly schedules: readonly OnCallSchedule[];
  readonly policies: readonly EscalationPolicy[];
  /** The first rule that fits a ticket decides. */
  readonly rules: readonly PageRule[];
}

export type OnCallSchedule = RotationSchedule | GroupSchedule;

/** People take turns, hand over at the same time on the clocks of the zone, summer and winter. */
export interface RotationSchedule {
  readonly kind: 'rotation';
  readonly name: string;
  readonly timeZone: string;
  /** Length of a turn on the zone's clocks: a week has as many days in which clocks are changed. */
  readonly everyMs: number;
  /** A handover to the first person; turns go on from here both ways, so that there is always one. */
  readonly start: WallTime;
  /** Slack user ids, in turn; at least one. */
  readonly users: readonly string[];
  /** Where several cover a moment the last one holds; they hold outside of `restrict` too. */
  readonly overrides: readonly Override[];
  /** When somebody is on call at all; null: always. */
  readonly restrict: DailyHours | null;
}

/** Half-open: from ≤ t < until, on the schedule's clocks. */
export interface Override {
  readonly from: WallTime;
  readonly until: WallTime;
  readonly user: string;
}

/** All members of a Slack user group. */
export interface GroupSchedule {
  readonly kind: 'group';
  readonly name: string;
  /** Slack's id of the group, `S…`. */
  readonly userGroup: string;
}

/** Hours of days in a zone. `until` at or before `from` is on the next day; the hours belong to the day they start on. */
export interface DailyHours {
  readonly timeZone: string;
  /** 0 is Sunday. */
  readonly days: readonly number[];
  /** Minutes after midnight, 0 to 1,440. */
  readonly fromMinute: number;
  readonly untilMinute: number;
}

export interface EscalationPolicy {
  readonly name: string;
  readonly steps: readonly EscalationStep[];
  /** How often all steps are gone through once more. */
  readonly repeat: number;
  /** How long after the last step that begins. */
  readonly repeatAfterMs: number;
  readonly quietHours: QuietHours | null;
}

export interface EscalationStep {
  readonly notify: readonly PageTarget[];
  /** Counted from the start of the page; never less than the step before. */
  readonly afterMs: number;
}

export type PageTarget =
  | { readonly kind: 'schedule'; readonly name: string }
  | { readonly kind: 'user'; readonly userId: string }
  | { readonly kind: 'channel'; readonly channel: string };

/** Pages wait while it is quiet, except those about these failures. */
export interface QuietHours {
  readonly hours: DailyHours;
  readonly except: readonly string[];
}

/** null: any; `*` stands for any part of a name. */
export interface PageRule {
  /** As the config names it, such as `paging.rules[2]`. */
  readonly id: string;
  readonly region: string | null;
  readonly failure: string | null;
  readonly device: string | null;
  readonly group: string | null;
  readonly policy: string;
}

/** What a page is about, in the words that rules and switches use. */
export interface PageSubject {
  readonly device: string;
  readonly failure: string;
  readonly region: string | null;
  /** The device's groups, as the inventory says. */
  readonly groups: readonly string[];
}

/** Somebody has switched the paging about a device off. */
export interface PagingSwitch {
  readonly device: string;
  /** null: about every failure of the device. */
  readonly failure: string | null;
  /** On again from this time; null: until somebody switches it on. */
  readonly until: Date | null;
  /** Slack user id. */
  readonly by: string;
  readonly at: Date;
}
