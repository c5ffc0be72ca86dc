import type { InputBlock, PlainTextOption } from '@slack/types';
import type { Modal, ModalSubmission } from '../domain/chat.ts';
import { matchesGlob } from '../domain/glob.ts';
import { section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import type { CommandView } from './command.ts';
import { codeSpan, plainLine } from './escape.ts';
import { listPlainly } from './fold-names.ts';
import { type FieldFault, joinFaults, plain } from './form-parts.ts';
import { countOf } from './wording.ts';

export const selectFormId = 'redistribution:select';

/** For whom: those that failed, or all on the original lists. */
export type Breadth = 'failed' | 'whole';

/** Slack takes ten checkboxes in one input, with 75 characters each. */
const boxesAtOnce = 10;
const boxCharacters = 75;
/** More are named by their numbers. */
const boxesAtMost = 50;
const numbersBlock = 'numbers';
const breadthBlock = 'breadth';

type SelectableCommand = Pick<CommandView, 'job' | 'packages' | 'recipients' | 'refusal' | 'selected'>;

interface Selectable {
  readonly server: string;
  readonly commands: readonly SelectableCommand[];
}

/** The form in which people choose which commands run, and for whom. `metadata` comes back with it. */
export function selectForm({ server, commands }: Selectable, breadth: Breadth, metadata: string): Modal {
  const inputs = commands.length > boxesAtMost ? [numbersInput(commands)] : boxInputs(commands);
  const about = `${countOf(commands.length, 'command')} on ${codeSpan(clampText(server, 100))}. Whatever changes here voids earlier approvals.`;
  return {
    callbackId: selectFormId,
    title: 'Select what runs',
    submit: 'Select',
    blocks: [section(about), ...inputs, breadthInput(breadth)],
    metadata,
  };
}

function boxInputs(commands: readonly SelectableCommand[]): InputBlock[] {
  const inputs: InputBlock[] = [];
  for (let from = 0; from < commands.length; from += boxesAtOnce) {
    const some = commands.slice(from, from + boxesAtOnce);
    const options = some.map((command, index) => box(command, from + index + 1));
    const chosen = options.filter((_, index) => some[index]?.selected);
    inputs.push({
      type: 'input',
      block_id: `boxes-${from}`,
      optional: true,
      label: plain(
        some.length === 1 ? 'Command to run' : `Commands to run, ${from + 1} to ${from + some.length}`,
      ),
      element: {
        type: 'checkboxes',
        action_id: 'boxes',
        options,
        ...(chosen.length > 0 ? { initial_options: chosen } : {}),
      },
    });
  }
  return inputs;
}

function box({ job, packages, recipients, refusal }: SelectableCommand, number: number): PlainTextOption {
  const refused = refusal === null ? '' : '⛔ ';
  return {
    text: plain(
      clampText(`${refused}${number}. ${plainLine(job)} · ${listPlainly(packages, 40)}`, boxCharacters),
    ),
    value: String(number),
    description: plain(clampText(`${recipients.length}: ${listPlainly(recipients, 60)}`, boxCharacters)),
  };
}

function numbersInput(commands: readonly SelectableCommand[]): InputBlock {
  return {
    type: 'input',
    block_id: numbersBlock,
    optional: true,
    label: plain('Commands to run'),
    hint: plain('By number (1-120, 300) or by job (nightly-*), separated by commas; "all" for all of them.'),
    element: {
      type: 'plain_text_input',
      action_id: 'numbers',
      multiline: true,
      max_length: 3_000,
      initial_value: clampText(writeRanges(commands), 2_900),
    },
  };
}

/** `1-120, 300`, or `all`. */
function writeRanges(commands: readonly SelectableCommand[]): string {
  if (commands.every(({ selected }) => selected)) return 'all';
  const runs: { first: number; last: number }[] = [];
  for (const [index, { selected }] of commands.entries()) {
    const run = runs.at(-1);
    if (!selected) continue;
    if (run && run.last === index) run.last = index + 1;
    else runs.push({ first: index + 1, last: index + 1 });
  }
  return runs.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}

function breadthInput(breadth: Breadth): InputBlock {
  const options = [
    { text: plain('Only what failed'), value: 'failed' },
    { text: plain('The whole original list'), value: 'whole' },
  ];
  const chosen = options.find(({ value }) => value === breadth);
  return {
    type: 'input',
    block_id: breadthBlock,
    label: plain('For which recipients?'),
    hint: plain('Commands that somebody edited stay as they were edited.'),
    element: {
      type: 'radio_buttons',
      action_id: 'breadth',
      options,
      ...(chosen ? { initial_option: chosen } : {}),
    },
  };
}

export type ReadSelection =
  | {
      /** Counted from 1. */
      readonly numbers: ReadonlySet<number>;
      readonly breadth: Breadth;
    }
  | { readonly faults: Readonly<Record<string, string>> };

/** What somebody chose; numbers that no command has are at fault. */
export function readSelectForm(
  { values }: Pick<ModalSubmission, 'values'>,
  jobs: readonly string[],
): ReadSelection {
  const breadth = values[breadthBlock] === 'whole' ? 'whole' : 'failed';
  const typed = values[numbersBlock];
  if (numbersBlock in values) return readNumbers(typeof typed === 'string' ? typed : '', jobs, breadth);
  const boxes = Object.entries(values).flatMap(([block, chosen]) =>
    block.startsWith('boxes-') && Array.isArray(chosen) ? chosen.map(Number) : [],
  );
  return { numbers: new Set(boxes.filter((number) => number >= 1 && number <= jobs.length)), breadth };
}

function readNumbers(text: string, jobs: readonly string[], breadth: Breadth): ReadSelection {
  const numbers = new Set<number>();
  const faults: FieldFault[] = [];
  for (const word of text.split(/[\s,]+/).filter(Boolean)) {
    const some = readWord(word, jobs);
    if (some.length === 0)
      faults.push([numbersBlock, `"${word}" names none of the ${jobs.length} commands.`]);
    for (const number of some) numbers.add(number);
  }
  return faults.length > 0 ? { faults: joinFaults(faults) } : { numbers, breadth };
}

function readWord(word: string, jobs: readonly string[]): number[] {
  const all = jobs.map((_, index) => index + 1);
  if (word.toLowerCase() === 'all') return all;
  const [, first, last = first] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(word) ?? [];
  if (first === undefined) return all.filter((number) => matchesGlob(jobs[number - 1] ?? '', word));
  if (Number(last) > jobs.length) return [];
  return all.slice(Math.max(0, Number(first) - 1), Number(last));
}
