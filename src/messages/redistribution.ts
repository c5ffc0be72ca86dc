import type { KnownBlock } from '@slack/types';
import type { ChatMessage, Person } from '../domain/chat.ts';
import type {
  CommandTally,
  FailedJob,
  Period,
  Plan,
  RedistributionState,
  RunBinding,
  SupersededFailure,
} from '../domain/redistribution.ts';
import type { CanaryProgress } from '../domain/store/redistributions.ts';
import { actions } from './actions.ts';
import type { ApprovalsView, DryRunsView } from './approvals.ts';
import { describeApprovers, describeDryRuns, describeMissing } from './approvals.ts';
import { button, buttonRow, context, header, section } from './blocks.ts';
import { describeCanary, goOnButton, isWaiting } from './canary.ts';
import { clampText } from './clamp-text.ts';
import type { CommandView } from './command.ts';
import { layOutPage } from './command-page.ts';
import { decisionButtons } from './decision-buttons.ts';
import { describeReach } from './describe-reach.ts';
import { codeSpan, escapeText } from './escape.ts';
import { foldNames } from './fold-names.ts';
import { clampMessage } from './limits.ts';
import { pageValue } from './page-value.ts';
import { supersededText } from './superseded.ts';
import { stopButton } from './stop-button.ts';
import { describeTurn, summarizeTurn, type TurnView } from './whose-turn.ts';
import { countOf, listNames, mention, showTime } from './wording.ts';

/** What people see of a redistribution in its channel. */
export interface RedistributionView extends ApprovalsView, DryRunsView, TurnView {
  readonly id: string;
  readonly server: string;
  /** Only these devices' failures, only this job's; null: all. */
  readonly recipients: readonly string[] | null;
  readonly job: string | null;
  readonly period: Period & { readonly text: string };
  /** IANA zone in which the period was read. */
  readonly timeZone: string;
  readonly requestedBy: Person;
  /** Of the commands that are to run; null: there are none. */
  readonly digest: string | null;
  /** What there is to approve; null: nothing was proposed. */
  readonly plan: Plan | null;
  /** How far the commands are; none before they begin. */
  readonly tallies: readonly CommandTally[];
  /** What freeze holds its server up, as mrkdwn; `null` if none does. */
  readonly freeze: string | null;
  /** What is still listed as failed of what was asked for, once it is done; `null` before. */
  readonly left: { readonly jobs: number; readonly deliveries: number } | null;
  /** Where and how its commands run; `null` if that was not kept. */
  readonly binding: RunBinding | null;
  readonly decidedBy: Person | null;
  readonly decidedAt: Date | null;
  /** The first ones: as many as a message may have room for, or all. */
  readonly commands: readonly CommandView[];
  /** Failures for which no command was found: known from alerts, or from logs that are gone. */
  readonly unmatched: readonly FailedJob[];
  readonly superseded: readonly SupersededFailure[];
  /** Logs that could not be read, and what to do about it. */
  readonly unread: readonly string[];
  /** What makes this less certain, and what was made of it. */
  readonly warnings: readonly string[];
  readonly note: string | null;
  /** How it begins with few recipients, and how far that is; `null`: it does not. */
  readonly canary: CanaryProgress | null;
  /** Who pressed *Stop*. */
  readonly stoppedBy: Person | null;
}

export interface ProposalOptions {
  /** IANA zone for readers whose Slack shows no dates. */
  readonly timeZone: string;
}

const stateWords: Readonly<Record<RedistributionState, string>> = {
  gathering: ':mag: *Reading the logfiles*',
  proposed: ':raised_hand: *Waiting for approval*',
  approved: ':hourglass: *Approved*, about to start',
  running: ':arrow_forward: *Running*',
  done: ':white_check_mark: *Done*',
  rejected: ':no_entry: *Rejected*, nothing was run',
  expired: ':hourglass: *Expired* without a decision, nothing was run',
  empty: ':white_check_mark: *Nothing to redistribute*',
  failed: ':x: *Failed*',
};

/**
 * A redistribution as people see it: its jobs in a table, what would run, why, and what came of it (B10). What decides is
 * offered only while it is `proposed`. Commands that do not fit are on further pages (`renderCommandPage`).
 */
export function renderProposal(view: RedistributionView, options: ProposalOptions): ChatMessage {
  const title = `Redistribution on ${clampText(view.server, 100)}`;
  const page = layOutPage({ ...view, from: 0 }, options);
  const blocks: KnownBlock[] = [
    header(escapeText(title)),
    section(
      [
        stateLine(view),
        scopeLine(view),
        periodLine(view),
        summaryLine(view),
        runsLine(view),
        ...describeCanary(view),
        ...freezeLines(view),
        ...describeTurn(view, options.timeZone),
        ...describeMissing(view, options.timeZone),
        ...describeDryRuns(view, options.timeZone),
        ...view.unread.slice(0, unreadShown).map(unreadLine),
        ...view.warnings.slice(0, warningsShown).map(warningLine),
        noteLine(view),
      ]
        .filter(Boolean)
        .join('\n'),
    ),
    ...page.blocks,
  ];
  const hidden = (view.plan?.commands ?? 0) - page.until;
  if (hidden > 0) blocks.push(...furtherPages(view.id, page.until, hidden));
  if (view.unmatched.length > 0) blocks.push(section(unmatchedText(view.unmatched)));
  if (view.superseded.length > 0) blocks.push(section(supersededText(view.superseded)));
  blocks.push(context(peopleText(view, options)));
  if (view.state === 'proposed') blocks.push(buttonRow(decisionButtons(view)));
  if (isStoppable(view)) {
    blocks.push(buttonRow([...(isWaiting(view) ? [goOnButton(view)] : []), stopButton(view)]));
  }
  return clampMessage({ text: summarizeTurn(view) ?? `${escapeText(title)}: ${view.state}`, blocks });
}

/** What there is beyond the first page, and the way there. */
function furtherPages(id: string, from: number, hidden: number): KnownBlock[] {
  const next = button('Look through them', actions.redistributionOpenPages, pageValue(id, from));
  return [context(`… and ${countOf(hidden, 'more command')}`), buttonRow([next])];
}

function stateLine(view: RedistributionView): string {
  if (view.stoppedBy) {
    const done = view.state === 'done' ? 'Stopped' : 'Stopping';
    return `:octagonal_sign: *${done}*, by ${mention(view.stoppedBy.userId)}`;
  }
  const failedSome = view.state === 'done' && view.tallies.some(({ state }) => state !== 'succeeded');
  return failedSome ? ':warning: *Done*, not everything succeeded' : stateWords[view.state];
}

function scopeLine({ recipients, job }: RedistributionView): string {
  const named = recipients === null ? '' : clampText(foldNames(recipients), 200);
  const device = recipients === null ? [] : [`device${recipients.length > 1 ? 's' : ''} ${codeSpan(named)}`];
  const jobs = job === null ? [] : [`job ${codeSpan(clampText(job, 80))}`];
  const scope = [...device, ...jobs].join(' · ');
  return scope === '' ? '' : `*Only*  ${scope}`;
}

/** In the zone in which it was meant, and where it comes from. */
function periodLine({ period }: RedistributionView): string {
  return `*Period*  ${escapeText(clampText(period.text, 200))}`;
}

function summaryLine(view: RedistributionView): string {
  if (view.plan === null) return '';
  const begun = view.tallies.some(({ state }) => state !== 'planned' && state !== 'approved');
  return begun ? progressText(view) : planText(view.plan);
}

function planText(plan: Plan): string {
  const { runnable, recipients, leftOut, refused } = plan;
  const reach = describeReach(plan);
  return [
    `*To run*  ${countOf(runnable, 'command')} for ${countOf(recipients, 'recipient')}`,
    ...(reach === null ? [] : [`:warning: ${reach}`]),
    ...(leftOut > 0 ? [`${leftOut} left out`] : []),
    ...(refused > 0 ? [`:no_entry: ${refused} can't be approved`] : []),
  ].join(' · ');
}

function progressText(view: RedistributionView): string {
  const { tallies, unmatched } = view;
  const counts = recipientCounts(tallies);
  const left = sum(tallies.map(({ state, commands }) => (state === 'succeeded' ? 0 : commands)));
  const unknown = counts.unknown > 0 ? ` · ${counts.unknown} unknown${unnamedText(counts)}` : '';
  const without = unmatched.length > 0 ? ` · ${countOf(unmatched.length, 'failure')} without a command` : '';
  const rest = view.left === null ? `*Commands left*  ${left}${without}` : leftText(view.left);
  return `*Recipients*  ${counts.succeeded} succeeded · ${counts.failed} failed${unknown}\n${rest}`;
}

function leftText({ jobs, deliveries }: NonNullable<RedistributionView['left']>): string {
  if (deliveries === 0) return '*Left*  nothing';
  const plural = countOf(deliveries, 'failed delivery', 'failed deliveries');
  return `*Left*  ${plural} of ${countOf(jobs, 'job')}`;
}

/** An exit code says that somebody failed, and not who. */
function unnamedText({ unknown, unnamed }: ReturnType<typeof recipientCounts>): string {
  if (unnamed === 0) return '';
  const of = unnamed === unknown ? '' : `${unnamed} of them, `;
  return ` (${of}the tool ended with an error and named nobody)`;
}

/** A failed command whose log tells nothing of any recipient failed for all of them. */
function recipientCounts(tallies: readonly CommandTally[]): {
  succeeded: number;
  failed: number;
  unknown: number;
  /** Of the unknown ones those whose tool ended with an exit code that is not 0. */
  unnamed: number;
} {
  const counts = { succeeded: 0, failed: 0, unknown: 0, unnamed: 0 };
  for (const { state, recipients, failedAgain, unclear, exitedBadly, commands } of tallies) {
    if (exitedBadly) counts.unnamed += unclear * commands;
    if (state !== 'succeeded' && state !== 'failed' && state !== 'unknown') continue;
    const told = failedAgain + unclear;
    counts.failed += failedAgain * commands;
    counts.unknown += unclear * commands;
    counts[state === 'failed' && told > 0 ? 'succeeded' : state] += Math.max(0, recipients - told) * commands;
  }
  return counts;
}

/** As whom its commands run, and with which variables of the config; once it is decided, that is over or bound. */
function runsLine({ state, plan, binding }: RedistributionView): string {
  if (state !== 'proposed' || plan === null || binding === null) return '';
  const { user = '', sudo = 'none' } = binding;
  const variables = Object.keys(binding).flatMap((name) => /^environment (.+)/.exec(name)?.[1] ?? []);
  return [
    `*Runs*  as ${codeSpan(clampText(user, 60))}`,
    ...(sudo === 'none' ? [] : [`by sudo as ${codeSpan(clampText(sudo, 60))}`]),
    ...(variables.length === 0 ? [] : [`with ${listNames(variables, 5)} from the config`]),
  ].join(' · ');
}

/** What holds it up, as far as anything of it waits. */
function freezeLines({ state, freeze }: RedistributionView): string[] {
  const waits = state === 'proposed' || state === 'approved' || state === 'running';
  if (freeze === null || !waits) return [];
  return [`:snowflake: *Frozen*  ${freeze}. An exception takes two people, each with a reason.`];
}

function noteLine({ note }: RedistributionView): string {
  return note === null ? '' : `>${escapeText(clampText(note, 400))}`;
}

/** More logs than that are missing for one reason. */
const unreadShown = 3;

function unreadLine(unread: string): string {
  return `:warning: *Not everything was read*: ${escapeText(clampText(unread, 300))} What only that log knows is missing here.`;
}

/** There are no more kinds of them. */
const warningsShown = 5;

function warningLine(warning: string): string {
  return `:clock3: ${escapeText(clampText(warning, 400))}`;
}

function unmatchedText(unmatched: readonly FailedJob[]): string {
  const jobs = [...new Set(unmatched.map((failed) => failed.job))];
  const recipients = foldNames(unmatched.map((failed) => failed.recipient));
  return [
    `:warning: *No command found* for ${countOf(unmatched.length, 'failure')} known from ${originOf(unmatched)}: they stay listed as failed.`,
    `Jobs ${listNames(jobs, 8)} · recipients ${codeSpan(clampText(recipients, 150))}`,
  ].join('\n');
}

/** The sources of these failures: alerts, logs, or both. */
function originOf(failures: readonly FailedJob[]): string {
  const isLogged = ({ knownFrom }: FailedJob) => knownFrom !== 'alert';
  if (!failures.some(isLogged)) return 'alerts';
  return failures.every(isLogged)
    ? 'logs that were read before'
    : 'alerts and from logs that were read before';
}

function peopleText(view: RedistributionView, { timeZone }: ProposalOptions): string {
  const requested = `Requested by ${mention(view.requestedBy.userId)}`;
  const approved = describeApprovers(view.approvals, timeZone);
  const decided = view.state === 'rejected' ? rejectedText(view, timeZone) : approved;
  return decided === null || view.state === 'proposed' ? requested : `${requested} · ${decided}`;
}

function rejectedText({ decidedBy, decidedAt }: RedistributionView, timeZone: string): string | null {
  if (decidedBy === null) return null;
  const at = decidedAt === null ? '' : ` ${showTime(decidedAt, timeZone)}`;
  return `Rejected by ${mention(decidedBy.userId)}${at}`;
}

function isStoppable({ state, stoppedBy }: RedistributionView): boolean {
  return (state === 'approved' || state === 'running') && !stoppedBy;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
