import type { PagingSwitch } from '../paging.ts';

/** `running` from the ticket's opening on; `exhausted` once all steps are done and nobody answered; then `ended`. */
export type PageState = 'running' | 'exhausted' | 'ended';

/** Reasons for which a page waits until something is taken away: it goes on then, before its time too. */
export const holdReasons = ['switched-off-until', 'snoozed'] as const;

export function isHeld(reason: string): boolean {
  return holdReasons.some((hold) => hold === reason);
}

/** Why and by whom a page ended. */
export interface PageEnd {
  /** Such as `acknowledged`, `repaired`, `resolved`, `joined`, `switched-off`. */
  readonly reason: string;
  /** Slack user id; null: nobody did it, it came about. */
  readonly userId: string | null;
  /** The channel in which that was done, by id or name; null where that says nothing. */
  readonly place: string | null;
}

/** An escalation about one ticket. */
export interface PageRecord {
  readonly id: string;
  readonly ticketId: number;
  readonly policy: string;
  readonly state: PageState;
  /** Rounds through all steps that are done, and the next step in this one; both from 0. */
  readonly round: number;
  readonly step: number;
  /** When the next step is due. */
  readonly dueAt: Date;
  /** Why the next step is due then. */
  readonly reason: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly end: PageEnd | null;
}

export type PageChange = Partial<
  Pick<PageRecord, 'state' | 'round' | 'step' | 'dueAt' | 'reason' | 'endedAt' | 'end'>
>;

/** One person (or channel) that was told in a step. */
export interface PageNotice {
  readonly id: string;
  readonly pageId: string;
  readonly round: number;
  readonly step: number;
  /** User id, or a channel's id or name. */
  readonly recipient: string;
  readonly at: Date;
  readonly deliveryId: string;
}

/** Pages, whom they told, and the switches. */
export interface PagingTx {
  /** False where the ticket has a page that is not ended. */
  addPage(page: PageRecord): Promise<boolean>;
  page(id: string): Promise<PageRecord | null>;
  /** Pages that are not ended, the oldest first. */
  openPages(): Promise<readonly PageRecord[]>;
  /** The ticket's page that is not ended. Locks the row until the transaction ends. */
  openPageOf(ticketId: number): Promise<PageRecord | null>;
  /** Tickets whose page has something to do: a step is due, it may be held back no longer, or the ticket is not open any more. */
  ticketsWithDuePages(
    now: Date,
    longest: { readonly stepMs: number; readonly quietMs: number },
  ): Promise<readonly number[]>;
  changePage(id: string, change: PageChange): Promise<void>;
  /** Rejects where this recipient was told in this step already. */
  addPageNotice(notice: PageNotice): Promise<void>;
  pageNotice(id: string): Promise<PageNotice | null>;
  noticesOf(pageId: string): Promise<readonly PageNotice[]>;
  pagingSwitches(): Promise<readonly PagingSwitch[]>;
  /** Switches off; replaces what was said about this device and failure before. */
  switchPagingOff(off: PagingSwitch): Promise<void>;
  /** Switches on: about this failure, or about all where it is null. False where nothing was off. */
  switchPagingOn(device: string, failure: string | null): Promise<boolean>;
}
