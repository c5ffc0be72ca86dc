import type { InputBlock, PlainTextElement } from '@slack/types';
import type { Modal } from '../domain/chat.ts';

/** Callback id of the form. */
export const outageFormId = 'outage';

/** The names under which what people fill in comes back. */
export const outageFields = { target: 'target', begin: 'begin', end: 'end', reason: 'reason' } as const;

export interface OutageFormValues {
  readonly target: string;
  readonly end: string;
  readonly reason: string;
}

/** The form that plans an outage; what is known already is filled in. `metadata` comes back with it. */
export function outageForm(filledIn: OutageFormValues, metadata: string): Modal {
  return {
    callbackId: outageFormId,
    title: 'Out for maintenance',
    submit: 'Plan',
    metadata,
    blocks: [
      input(outageFields.target, 'What is out?', {
        value: filledIn.target,
        hint: 'A device by name, IP or MAC; or group:NAME, server:NAME (with everything behind it), building:NAME, region:NAME.',
      }),
      input(outageFields.begin, 'From when?', {
        value: '',
        optional: true,
        hint: 'Empty: from now on. Else 22:00 or 2026-11-20 22:00, in your own time zone.',
      }),
      input(outageFields.end, 'How long, or until when?', {
        value: filledIn.end,
        hint: '2h, 3d, 18:00 or 2026-11-20 18:00',
      }),
      input(outageFields.reason, 'Why?', {
        value: filledIn.reason,
        optional: true,
        hint: 'Such as: disk swap',
      }),
    ],
  };
}

interface InputOptions {
  readonly value: string;
  readonly hint: string;
  readonly optional?: boolean;
}

function input(name: string, label: string, { value, hint, optional = false }: InputOptions): InputBlock {
  const initial = value === '' ? {} : { initial_value: value.slice(0, 200) };
  return {
    type: 'input',
    block_id: name,
    optional,
    label: plain(label),
    hint: plain(hint),
    element: { type: 'plain_text_input', action_id: name, max_length: 200, ...initial },
  };
}

function plain(text: string): PlainTextElement {
  return { type: 'plain_text', text, emoji: false };
}
