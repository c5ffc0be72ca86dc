import type { KnownBlock } from '@slack/types';
import type { ChatMessage } from '../domain/chat.ts';
import type { Compared, Durations, ReportCounts, Tally } from '../domain/report.ts';
import { context, fields, header, section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { codeBlock, escapeText } from './escape.ts';
import { clampMessage } from './limits.ts';
import { showDuration } from './wording.ts';

/** What the report's own words are made of, so that all of its forms say the same. */
export interface ReportView {
  readonly title: string;
  readonly period: string;
  /** The whole report in sentences. */
  readonly inWords: string;
  readonly counts: ReportCounts;
  /** Headed tables, in their order. */
  readonly tables: readonly { readonly title: string; readonly rows: readonly Tally[] }[];
  readonly nameOf: (tally: Tally) => string;
  readonly changeOf: (compared: Compared) => string;
}

const rowsShown = 8;
const nameWidth = 30;

/** A report as people see it in its channel (A20); its text says the same to who can't see the tables. */
export function renderReport(view: ReportView): ChatMessage {
  const { title, period, counts, tables, inWords } = view;
  const blocks: KnownBlock[] = [
    header(escapeText(title)),
    context(escapeText(`${period}; in brackets the period before, which is as long`)),
    fields([
      ['Alerts', comparedText(counts.alerts, view)],
      ['Left out (outages, suppressed)', comparedText(counts.leftOut, view)],
      ['Tickets opened', comparedText(counts.opened, view)],
      ['Tickets resolved', comparedText(counts.resolved, view)],
      ['Time to acknowledge', durationsText(counts.acknowledged)],
      ['Time to repair', durationsText(counts.repaired)],
    ]),
    ...tables
      .filter(({ rows }) => rows.length > 0)
      .map((table) => section(`*${table.title}*\n${codeBlock(tableText(table.rows, view))}`)),
  ];
  return clampMessage({ text: escapeText(inWords), blocks });
}

function comparedText(compared: Compared, { changeOf }: ReportView): string {
  const change = changeOf(compared);
  return `${compared.now} (${compared.before}${change === '' ? '' : `, ${change}`})`;
}

function durationsText({ now, before }: { readonly now: Durations; readonly before: Durations }): string {
  return `${durationText(now)}\n(${durationText(before)})`;
}

function durationText({ count, medianMs, p90Ms }: Durations): string {
  if (medianMs === null || p90Ms === null) return 'none';
  return `median ${showDuration(medianMs)}, 90 % in ${showDuration(p90Ms)} (${count})`;
}

/** Columns of a fixed width: the name, this period, the one before, the change. */
function tableText(rows: readonly Tally[], { nameOf, changeOf }: ReportView): string {
  const shown = rows.slice(0, rowsShown).map((row) => ({ row, name: clampText(nameOf(row), nameWidth) }));
  const width = Math.max(...shown.map(({ name }) => name.length));
  const number = (value: number) => String(value).padStart(7);
  return shown
    .map(({ row, name }) =>
      `${name.padEnd(width)} ${number(row.now)} ${`(${row.before})`.padStart(9)}  ${changeOf(row)}`.trimEnd(),
    )
    .join('\n');
}
