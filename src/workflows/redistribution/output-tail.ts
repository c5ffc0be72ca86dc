import type { CommandRecord } from '../../domain/store/redistributions.ts';
import { isTimeUp } from '../../domain/time-up.ts';
import type { Deps } from '../deps.ts';
import { wantCommandMessage } from './redistribution-message.ts';

/** Enough for a message in Slack; the whole output lies on the server. */
const keptCharacters = 4000;

/** Keeps the end of a command's output and shows it in the thread while it comes, no more often than edits go out. */
export function createOutputTail(deps: Deps, command: CommandRecord) {
  const decoder = new TextDecoder();
  let text = '';
  let isDirty = false;
  let saving: Promise<void> = Promise.resolve();
  let lastSaveMs = 0;

  const save = async () => {
    if (!isDirty) return;
    isDirty = false;
    lastSaveMs = deps.clock.now().getTime();
    await deps.store.transaction(async (tx) => {
      if (await tx.changeCommand(command.id, 'running', { output: text })) {
        await wantCommandMessage(deps, tx, command);
      }
    });
  };
  // Output that can't be saved now is saved with the next piece, or with the result.
  const saveSoon = () => {
    saving = saving.then(save).catch((error: unknown) => {
      isDirty = true;
      deps.log.warn({ command: command.id, error: String(error) }, 'output not saved yet');
    });
  };

  return {
    push: (chunk: Uint8Array): void => {
      text = (text + decoder.decode(chunk, { stream: true }))
        .replaceAll('\0', '\u2400')
        .slice(-keptCharacters);
      isDirty = true;
      const { editEveryMs } = deps.policies.delivery;
      if (isTimeUp(new Date(lastSaveMs + editEveryMs), deps.clock.now(), editEveryMs)) saveSoon();
    },
    text: () => text,
    /** Resolves when nothing is being saved any more. */
    flush: () => saving,
  };
}
