import type { InputBlock, KnownBlock } from '@slack/types';
import type { Modal, ModalSubmission } from '../domain/chat.ts';
import { readArgumentLines, writeArgumentLines } from './argument-lines.ts';
import { codeBlock, codeSpan } from './escape.ts';
import { clampMiddle, clampText } from './clamp-text.ts';
import { context, section } from './blocks.ts';
import type { CommandView } from './command.ts';
import { type FieldFault, joinFaults, plain } from './form-parts.ts';
import { countOf } from './wording.ts';

export const editFormId = 'redistribution:edit';

/** Slack's own limits: an input holds 3,000 characters, and a modal 100 blocks. */
const inputCharacters = 2_900;
const inputsAtMost = 60;

/**
 * The form in which a command's arguments are changed, one a line (B11); null where an argument or the command is too long for
 * Slack's forms. `metadata` comes back with it.
 */
export function editForm(command: CommandView, number: number, metadata: string): Modal | null {
  const chunks = chunk(writeArgumentLines(command.argv));
  if (chunks === null || chunks.length > inputsAtMost) return null;
  // The first input comes first: Slack opens a form at it.
  const blocks: KnownBlock[] = [
    ...chunks.map((lines, index) => input(lines, index, chunks.length)),
    section(
      `*Command ${number}*  job ${codeSpan(clampText(command.job, 80))}, for ${countOf(command.recipients.length, 'recipient')}\nThe original, as it was logged:\n${codeBlock(clampMiddle(writeArgumentLines(command.originalArgv).join('\n'), 1_200))}`,
    ),
    context(
      'One argument a line, the program first. A line in double quotes is read as JSON. It is for those of its recipients whom the arguments still name. A change voids earlier approvals, and somebody else has to approve.',
    ),
  ];
  return { callbackId: editFormId, title: 'Edit a command', submit: 'Change', blocks, metadata };
}

function input(lines: readonly string[], index: number, of: number): InputBlock {
  const part = of > 1 ? `, part ${index + 1} of ${of}` : '';
  return {
    type: 'input',
    block_id: blockId(index),
    // What is left empty names no argument.
    optional: index > 0,
    label: plain(`Arguments, one a line${part}`),
    element: {
      type: 'plain_text_input',
      action_id: 'arguments',
      multiline: true,
      initial_value: lines.join('\n'),
    },
  };
}

/** null: a line is longer than an input can be. */
function chunk(lines: readonly string[]): string[][] | null {
  const chunks: string[][] = [];
  let room = 0;
  for (const line of lines) {
    if (line.length > inputCharacters) return null;
    room -= line.length + 1;
    if (room < 0 || chunks.length === 0) {
      chunks.push([]);
      room = inputCharacters - line.length;
    }
    chunks.at(-1)?.push(line);
  }
  return chunks;
}

function blockId(index: number): string {
  return `arguments-${index}`;
}

export type EditedArguments =
  | {
      readonly argv: readonly string[];
      /** The block in which the argument of an index stands; without one, the first. */
      readonly blockOf: (index: number | null) => string;
    }
  | { readonly faults: Readonly<Record<string, string>> };

/** What somebody made of the arguments. */
export function readEditForm({ values }: Pick<ModalSubmission, 'values'>): EditedArguments {
  const argv: string[] = [];
  const blocks: string[] = [];
  const faults: FieldFault[] = [];
  for (let index = 0; index < inputsAtMost; index += 1) {
    const text = values[blockId(index)];
    const read = readArgumentLines(typeof text === 'string' ? text : '');
    if ('faults' in read) {
      faults.push(
        ...read.faults.map(({ line, reason }) => [blockId(index), `Line ${line} ${reason}.`] as const),
      );
      continue;
    }
    argv.push(...read.argv);
    blocks.push(...read.argv.map(() => blockId(index)));
  }
  if (faults.length > 0) return { faults: joinFaults(faults) };
  return { argv, blockOf: (index) => (index === null ? undefined : blocks[index]) ?? blockId(0) };
}
