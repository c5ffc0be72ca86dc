import type { KnownBlock } from '@slack/types';
import type { ChatMessage } from '../domain/chat.ts';
import { actions } from './actions.ts';
import { button, buttonRow, section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { codeBlock, codeSpan, escapeText } from './escape.ts';
import { clampMrkdwn } from './clamp-text.ts';
import { clampMessage, slackLimits } from './limits.ts';
import { countOf, showTime } from './wording.ts';

/** Mails of one kind that no format knows, as a message shows them. */
export interface ShownKind {
  /** The newest of them. */
  readonly mail: { readonly id: number; readonly subject: string; readonly receivedAt: Date };
  readonly count: number;
  readonly senders: readonly { readonly address: string | null; readonly mails: number }[];
}

const shownKinds = 5;
const shownSenders = 3;

/** Says at once that a sender whose mail was read until now sends what no format knows. */
export function renderUnknownBegins(kind: ShownKind, timeZone: string): ChatMessage {
  const since = showTime(kind.mail.receivedAt, timeZone);
  const text = `:incoming_envelope: No format knows ${countOf(kind.count, 'mail', 'mails')} from ${sendersOf(kind)}, whose mail was read until now; the last came ${since}. ${noTicket(kind.count)}`;
  return clampMessage({ text, blocks: [section(text), ...renderKind(kind)] });
}

/** Says once a day how many mails came that no format knows, and from whom. */
export function renderUnknownDay(kinds: readonly ShownKind[], day: string): ChatMessage {
  const count = kinds.reduce((sum, kind) => sum + kind.count, 0);
  const left = kinds.length - shownKinds;
  const more =
    left > 0 ? ` ${countOf(left, 'more kind', 'more kinds')}: \`/restage mails dead-letter 24h\`.` : '';
  const text = `:incoming_envelope: ${countOf(count, 'mail', 'mails')} in the 24 h to ${day} that no format knows. ${noTicket(count)}${more}`;
  return clampMessage({
    text,
    blocks: [section(text), ...kinds.slice(0, shownKinds).flatMap(renderKind)],
  });
}

/** The draft of a format for mails of one kind, for whoever asked for it. */
export function renderFormatDraft(draft: string): ChatMessage {
  const text =
    'A draft: check each pattern against more of these mails, then add it to the section `formats`.';
  const yaml = clampMrkdwn(codeBlock(draft), slackLimits.section);
  return clampMessage({ text, blocks: [section(text), section(yaml)] });
}

function noTicket(count: number): string {
  return count === 1 ? 'It makes no ticket.' : 'They make no tickets.';
}

function renderKind(kind: ShownKind): KnownBlock[] {
  const { id, subject } = kind.mail;
  const shown = escapeText(clampText(subject.trim() || '(no subject)', 120));
  return [
    section(`*${kind.count} ×*  ${shown}\nfrom ${sendersOf(kind)}`),
    buttonRow([
      button('Look', actions.mailLook, String(id)),
      button('Draft a format', actions.mailDraft, String(id)),
      button('Let them in', actions.mailLetIn, String(id)),
    ]),
  ];
}

function sendersOf({ senders }: ShownKind): string {
  const named = senders
    .slice(0, shownSenders)
    .map(({ address }) => codeSpan(clampText(address ?? 'nobody', 80)));
  const left = senders.length - named.length;
  return left > 0 ? `${named.join(', ')} and ${countOf(left, 'other', 'others')}` : named.join(', ');
}
