import type { Modal } from '../domain/chat.ts';
import { section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan } from './escape.ts';
import { reasonInput } from './form-parts.ts';

export const rejectFormId = 'redistribution:reject';

/** Asks why nothing of a proposal is to run. */
export function rejectForm({ id, server }: { readonly id: string; readonly server: string }): Modal {
  const input = reasonInput('Why?', 'It stands in the message, for whoever asked.');
  const about = `Redistribution on ${codeSpan(clampText(server, 100))}: nothing of it will run.`;
  return {
    callbackId: rejectFormId,
    title: 'Reject',
    submit: 'Reject',
    blocks: [section(about), input],
    metadata: id,
  };
}
