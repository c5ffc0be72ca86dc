import type { Approval } from '../domain/approval.ts';
import type { Plan, RedistributionState } from '../domain/redistribution.ts';
import { escapeText } from './escape.ts';
import { clampText } from './clamp-text.ts';
import { countOf, mention, showTime } from './wording.ts';

/** How far a proposal's approval has come. */
export interface ApprovalsView {
  readonly state: RedistributionState;
  /** The void ones too, in order. */
  readonly approvals: readonly Approval[];
  readonly approvalsNeeded: number;
  /** When approving begins again; null: it may be done now. */
  readonly closedUntil: Date | null;
}

/** More are counted. */
const peopleShown = 10;

/** While it waits: who has approved, how many are missing, and from when on they can. Lines of mrkdwn, none for none. */
export function describeMissing(view: ApprovalsView, timeZone: string): string[] {
  if (view.state !== 'proposed') return [];
  const given = view.approvals.filter(({ voided }) => voided === null);
  const missing = view.approvalsNeeded - given.length;
  const lines = voidLines(view.approvals, timeZone);
  if (view.approvalsNeeded > 1) {
    const so =
      given.length > 0 ? `${given.length} of ${view.approvalsNeeded}: ${list(given, timeZone)} · ` : '';
    lines.push(`*Approvals*  ${so}${countOf(missing, 'person', 'people')} must still approve`);
  }
  if (view.closedUntil !== null) {
    lines.push(`:lock: Can be approved from ${showTime(view.closedUntil, timeZone)} on`);
  }
  return lines;
}

/** The dry runs of a proposal, and how far their own approval has come. */
export interface DryRunsView {
  readonly plan: Plan | null;
  readonly dryRunApprovals: readonly Approval[];
  readonly dryRunApprovalsNeeded: number;
}

/** Returns which dry runs are free and which take an approval, while the proposal waits: a line of mrkdwn, or none. */
export function describeDryRuns(
  view: DryRunsView & Pick<ApprovalsView, 'state'>,
  timeZone: string,
): string[] {
  const { state, plan, dryRunApprovals, dryRunApprovalsNeeded: needed } = view;
  if (state !== 'proposed' || !plan?.dryRuns) return [];
  const { free, toApprove, effects } = plan.dryRuns;
  const given = dryRunApprovals.filter(({ voided }) => voided === null);
  const so = given.length === 0 ? '' : `, ${given.length} of ${needed}: ${list(given, timeZone)}`;
  const why = escapeText(clampText(effects.join('; '), 200));
  const parts = [
    ...(free > 0 ? [`${free} free: rsync only lists`] : []),
    ...(toApprove > 0 ? [`${toApprove} needs approval${so}: ${why}`] : []),
  ];
  return [`*Dry run*  ${parts.join(' · ')}`];
}

/** Who approved what runs, and when; null: nobody did. */
export function describeApprovers(approvals: readonly Approval[], timeZone: string): string | null {
  const given = approvals.filter(({ voided }) => voided === null);
  return given.length === 0 ? null : `Approved by ${list(given, timeZone)}`;
}

function voidLines(approvals: readonly Approval[], timeZone: string): string[] {
  const last = approvals.findLast(({ voided }) => voided !== null);
  if (last === undefined || last.voided === null) return [];
  const gone = approvals.filter(({ voided }) => voided === last.voided);
  const reason = escapeText(clampText(last.voided, 200));
  return [`:leftwards_arrow_with_hook: Void: the approval of ${list(gone, timeZone)}; ${reason}`];
}

function exceptionOf({ exception }: Approval): string {
  return exception == null ? '' : ` (:snowflake: exception: ${escapeText(clampText(exception, 100))})`;
}

function list(approvals: readonly Approval[], timeZone: string): string {
  const shown = approvals
    .slice(0, peopleShown)
    .map((one) => `${mention(one.person.userId)} ${showTime(one.at, timeZone)}${exceptionOf(one)}`);
  const more = approvals.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
