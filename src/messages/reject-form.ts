import type { InputBlock } from '@slack/types';
import type { Modal } from '../domain/chat.ts';
import { section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan } from './escape.ts';
import { plain } from './form-parts.ts';

export const rejectFormId = 'redistribution:reject';

/** Asks why nothing of a proposal is to run. */
export function rejectForm({ id, server }: { readonly id: string; readonly server: string }): Modal {
  const input: InputBlock = {
    type: 'input',
    block_id: 'reason',
    label: plain('Why?'),
    hint: plain('It stands in the message, for whoever asked.'),
    element: { type: 'plain_text_input', action_id: 'reason', multiline: true, max_length: 300 },
  };
  const about = `Redistribution on ${codeSpan(clampText(server, 100))}: nothing of it will run.`;
  return {
    callbackId: rejectFormId,
    title: 'Reject',
    submit: 'Reject',
    blocks: [section(about), input],
    metadata: id,
  };
}
