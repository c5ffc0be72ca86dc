import type { Button } from '@slack/types';
import { actions } from './actions.ts';
import { button, confirmDialog } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { escapeText } from './escape.ts';

/** Ends what runs of a redistribution; asks before. */
export function stopButton({ id, server }: { readonly id: string; readonly server: string }): Button {
  const confirm = confirmDialog(
    'Stop it?',
    `What runs on ${clampText(escapeText(server), 60)} is ended, with all that it started; what waits is not started.`,
    'Stop',
  );
  return button('Stop', actions.redistributionStop, id, { style: 'danger', confirm });
}
