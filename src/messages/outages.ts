import type { KnownBlock } from '@slack/types';
import type { ChatMessage } from '../domain/chat.ts';
import type { SourceRecord } from '../domain/store/sources.ts';
import type { VoidedCount } from '../domain/store/outages.ts';
import { actions } from './actions.ts';
import { button, confirmDialog, context, section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan, escapeLines, escapeText } from './escape.ts';
import { clampMessage } from './limits.ts';
import { countOf, mention, showSpan, showTime } from './wording.ts';

/** One outage, with what people want to know of it. */
export interface OutageView {
  readonly id: number;
  /** As people type it: `server:int-38`. */
  readonly target: string;
  readonly from: Date;
  readonly until: Date;
  readonly reason: string;
  /** The source that announced it; null: a person did. */
  readonly source: string | null;
  readonly createdBy: string;
  readonly voided: VoidedCount | null;
}

export interface OutageOverview {
  readonly current: readonly OutageView[];
  readonly coming: readonly OutageView[];
  readonly over: readonly OutageView[];
  /** Sources that can't be read. */
  readonly broken: readonly SourceRecord[];
}

/** How many of each kind are shown: that much fits into a message. */
const shown = { current: 10, coming: 6, over: 3 } as const;

/** The current and coming outages, what they took out of the totals, and which sources are broken (A10). */
export function renderOutages(overview: OutageOverview, timeZone: string): ChatMessage {
  const { current, coming, over, broken } = overview;
  const blocks: KnownBlock[] = [
    ...broken.slice(0, 5).map((source) => section(describeFault(source, timeZone))),
    section(`*Out for maintenance now*${current.length === 0 ? '\nnothing' : ''}`),
    ...current.slice(0, shown.current).map((outage) => withEnd(outage, timeZone, 'End now')),
    ...listMore(current.length, shown.current),
    section(`*Coming*${coming.length === 0 ? '\nnothing' : ''}`),
    ...coming.slice(0, shown.coming).map((outage) => withEnd(outage, timeZone, 'Call off')),
    ...listMore(coming.length, shown.coming),
  ];
  if (over.length > 0) {
    const lines = over.slice(0, shown.over).map((outage) => describeOutage(outage, timeZone));
    blocks.push(section(`*Over since yesterday*\n${lines.join('\n')}`));
  }
  const text = `${countOf(current.length, 'outage')} now, ${coming.length} coming`;
  return clampMessage({ text, blocks });
}

function withEnd(outage: OutageView, timeZone: string, label: string): KnownBlock {
  const confirm = confirmDialog(`${label}?`, 'Alerts of devices that are not well count again.', label);
  const accessory = button(label, actions.outageEnd, String(outage.id), { confirm });
  return { ...section(describeOutage(outage, timeZone)), accessory };
}

function describeOutage(outage: OutageView, timeZone: string): string {
  const from =
    outage.source === null
      ? mention(outage.createdBy.split('/').at(-1) ?? '')
      : codeSpan(clampText(outage.source, 60));
  const what = `${codeSpan(clampText(outage.target, 80))}  ${showSpan(outage.from, outage.until, timeZone)}`;
  return `${what} · ${escapeText(clampText(outage.reason, 120))} (${from})${describeVoided(outage.voided)}`;
}

function describeVoided(voided: VoidedCount | null): string {
  if (voided === null) return '';
  const counted = `${countOf(voided.alerts, 'alert')} of ${countOf(voided.devices, 'device')}`;
  return `\n      ${counted} taken out of the totals${voided.waiting > 0 ? ', looked at again at its end' : ''}`;
}

function describeFault({ name, fault, since }: SourceRecord, timeZone: string): string {
  const what = escapeLines(clampText(fault ?? '', 300));
  return `:warning: ${codeSpan(clampText(name, 80))} can't be read since ${showTime(since, timeZone)}; what it said last still holds.\n>${what.replaceAll('\n', '\n>')}`;
}

function listMore(total: number, limit: number): readonly KnownBlock[] {
  return total > limit ? [context(`and ${total - limit} more`)] : [];
}
