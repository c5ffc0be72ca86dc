import type { InputBlock, PlainTextElement } from '@slack/types';
import type { Modal } from '../domain/chat.ts';
import { parseDuration } from '../domain/duration.ts';
import type { Ticket } from '../domain/ticket.ts';
import { section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { escapeText } from './escape.ts';

/** Callback ids of the forms about tickets. */
export const ticketForms = { assign: 'ticket:assign', snooze: 'ticket:snooze' } as const;

/** How long a ticket can be snoozed: value, and how people say it. */
const snoozeTimes = [
  ['30m', '30 minutes'],
  ['1h', '1 hour'],
  ['4h', '4 hours'],
  ['8h', '8 hours'],
  ['1d', '1 day'],
  ['3d', '3 days'],
  ['7d', '1 week'],
] as const;

/** The last of the form's times, in ms. */
export const longestSnoozeMs = Math.max(...snoozeTimes.map(([value]) => parseDuration(value) ?? 0));

type FormTicket = Pick<Ticket, 'id' | 'assignedTo'> & {
  /** What fails where, in plain text. */
  readonly title: string;
};

export function assignForm(ticket: FormTicket): Modal {
  const chosen = ticket.assignedTo === null ? {} : { initial_user: ticket.assignedTo };
  const input: InputBlock = {
    type: 'input',
    block_id: 'assignee',
    label: plain('Who takes care of it?'),
    element: { type: 'users_select', action_id: 'assignee', ...chosen },
  };
  return form(ticket, ticketForms.assign, 'Assign ticket', 'Assign', input);
}

export function snoozeForm(ticket: FormTicket): Modal {
  const options = snoozeTimes.map(([value, label]) => ({ text: plain(label), value }));
  const input: InputBlock = {
    type: 'input',
    block_id: 'duration',
    label: plain('For how long?'),
    hint: plain('Until then nobody is paged and its thread is silent. It wakes up by itself.'),
    element: { type: 'static_select', action_id: 'duration', options },
  };
  return form(ticket, ticketForms.snooze, 'Snooze ticket', 'Snooze', input);
}

function form(
  ticket: FormTicket,
  callbackId: string,
  title: string,
  submit: string,
  input: InputBlock,
): Modal {
  const about = `Ticket ${ticket.id} · ${escapeText(clampText(ticket.title, 150))}`;
  return { callbackId, title, submit, blocks: [section(about), input], metadata: String(ticket.id) };
}

function plain(text: string): PlainTextElement {
  return { type: 'plain_text', text, emoji: false };
}
