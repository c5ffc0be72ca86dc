import type { InputBlock, PlainTextElement } from '@slack/types';

/** Plain text in a form. */
export function plain(text: string): PlainTextElement {
  return { type: 'plain_text', text, emoji: false };
}

/** What is wrong in a form: the id of the block, and what to do. */
export type FieldFault = readonly [block: string, words: string];

const faultsAtField = 5;

/** Joins all that is wrong in a form, each at its field; of a field the first few. */
export function joinFaults(faults: readonly FieldFault[]): Readonly<Record<string, string>> {
  const blocks = [...new Set(faults.map(([block]) => block))];
  return Object.fromEntries(
    blocks.map((block) => {
      const words = faults.filter(([at]) => at === block).map(([, said]) => said);
      const more = words.length - faultsAtField;
      return [
        block,
        [...words.slice(0, faultsAtField), ...(more > 0 ? [`And ${more} more.`] : [])].join(' '),
      ];
    }),
  );
}

/** Asks for a reason, of at most 300 characters, under the block and action id `reason`. */
export function reasonInput(label: string, hint: string): InputBlock {
  return {
    type: 'input',
    block_id: 'reason',
    label: plain(label),
    hint: plain(hint),
    element: { type: 'plain_text_input', action_id: 'reason', multiline: true, max_length: 300 },
  };
}
