import type { KnownBlock, TableBlock } from '@slack/types';
import type { ChatMessage } from '../domain/chat.ts';
import type { Compared, Durations, ReportCounts, Tally } from '../domain/report.ts';
import { actions } from './actions.ts';
import { button, buttonRow, context, header, table } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { escapeText, plainLine } from './escape.ts';
import { clampMessage } from './limits.ts';
import { showDuration } from './wording.ts';

/** What the report's own words are made of, so that all of its forms say the same. */
export interface ReportView {
  readonly title: string;
  readonly period: string;
  /** The whole report in sentences. */
  readonly inWords: string;
  readonly counts: ReportCounts;
  /** Parts of the table that list what failed, in their order. */
  readonly parts: readonly { readonly title: string; readonly rows: readonly Tally[] }[];
  readonly nameOf: (tally: Tally) => string;
  readonly changeOf: (compared: Compared) => string;
}

/** A report's chart as its message shows it, or why it shows none; `null` if there is nothing to draw. */
export type ReportChart =
  | { readonly fileId: string; readonly altText: string }
  | { readonly missing: string }
  | null;

const rowsEach = 6;
const cellWidth = 40;
const head = ['What', 'Name', 'This period', 'Period before', 'Change'];
const rightColumns = [2, 3, 4];

/** A report as people see it in its channel (A20): one table with its chart; its text says the same in words. */
export function renderReport(view: ReportView, chart: ReportChart): ChatMessage {
  return clampMessage({
    text: escapeText(view.inWords),
    blocks: [...reportBlocks(view), ...chartBlocks(chart)],
  });
}

/**
 * The same for the eyes of who asked, without the chart: a file can be shown only where it is posted. `post` is what *Post
 * it here* posts; `null` if there is nothing to post.
 */
export function renderReportPreview(view: ReportView, post: { readonly id: string } | null): ChatMessage {
  const text = escapeText(view.inWords);
  if (post === null) {
    const notPosted =
      'Nothing was counted, neither in this period nor in the one before: there is nothing to post.';
    return clampMessage({ text, blocks: [...reportBlocks(view), context(notPosted)] });
  }
  return clampMessage({
    text,
    blocks: [
      ...reportBlocks(view),
      context('Only you see this. *Post it here* shows it to the whole channel, with its chart.'),
      buttonRow([button('Post it here', actions.reportPost, post.id, { style: 'primary' })]),
    ],
  });
}

function reportBlocks(view: ReportView): readonly KnownBlock[] {
  return [
    header(escapeText(view.title)),
    context(escapeText(`${view.period}, compared with the period before, which is as long`)),
    reportTable(view),
  ];
}

function chartBlocks(chart: ReportChart): readonly KnownBlock[] {
  if (chart === null) return [];
  if ('missing' in chart) return [context(`Without its chart: ${escapeText(chart.missing)}`)];
  return [{ type: 'image', slack_file: { id: chart.fileId }, alt_text: chart.altText }];
}

function reportTable(view: ReportView): TableBlock {
  const { counts, parts, nameOf, changeOf } = view;
  const compare = (of: string, name: string, compared: Compared) => [
    of,
    name,
    String(compared.now),
    String(compared.before),
    changeOf(compared),
  ];
  const rows = [
    compare('Alerts', 'all', counts.alerts),
    compare('Alerts', 'left out: outages, suppressed', counts.leftOut),
    compare('Tickets', 'opened', counts.opened),
    compare('Tickets', 'resolved', counts.resolved),
    ...durationRows('Time to acknowledge', counts.acknowledged),
    ...durationRows('Time to repair', counts.repaired),
    ...parts.flatMap(({ title, rows: tallies }) =>
      tallies.slice(0, rowsEach).map((tally) => compare(title, nameOf(tally), tally)),
    ),
  ];
  return table([head, ...rows.map((row) => row.map(cell))], rightColumns);
}

function durationRows(
  of: string,
  { now, before }: { readonly now: Durations; readonly before: Durations },
): string[][] {
  return [
    [of, 'median', durationText(now.medianMs), durationText(before.medianMs), ''],
    [of, '90 % within', durationText(now.p90Ms), durationText(before.p90Ms), ''],
  ];
}

/** Slack refuses a cell without text. */
function cell(text: string): string {
  return clampText(plainLine(text), cellWidth);
}

function durationText(ms: number | null): string {
  return ms === null ? 'none' : showDuration(ms);
}
