import { limits } from '../limits.ts';
import { isRecord, recordsIn } from '../record.ts';
import { checkShape } from './check-shape.ts';
import { attachments, messageBlocks, metadata, view } from './payloads.ts';
import { type Problems, problem } from './problems.ts';

type Block = Readonly<Record<string, unknown>>;

/** Returns what Slack would complain of in a message's blocks; empty if it would take them. */
export function checkBlocks(value: unknown): Problems {
  return [...checkShape(messageBlocks, value, '/blocks'), ...checkTogether(value, '/blocks')];
}

/** Returns what Slack would complain of in a modal or a Home tab. */
export function checkView(value: unknown): Problems {
  const blocks = isRecord(value) ? value['blocks'] : undefined;
  return [
    ...checkShape(view, value, '/view'),
    ...checkTogether(blocks, '/view/blocks'),
    ...(isRecord(value) ? [...checkSubmit(value), ...checkFocus(blocks)] : []),
  ];
}

export function checkAttachments(value: unknown): Problems {
  return checkShape(attachments, value, '/attachments');
}

export function checkMetadata(value: unknown): Problems {
  return checkShape(metadata, value, '/metadata');
}

/** What holds between blocks: ids that differ, one table, and no more text than Slack takes in all. */
function checkTogether(value: unknown, path: string): Problems {
  const blocks = Array.isArray(value) ? value : [];
  return [
    ...blocks.flatMap((block, index) => checkActionIds(block, `${path}/${index}`)),
    ...checkBlockIds(blocks, path),
    ...checkTables(recordsIn(blocks), path),
    ...checkMarkdown(recordsIn(blocks), path),
  ];
}

function checkBlockIds(blocks: readonly unknown[], path: string): Problems {
  const ids = blocks.map((block) => (isRecord(block) ? block['block_id'] : undefined));
  return ids.flatMap((id, index) =>
    id !== undefined && ids.indexOf(id) < index
      ? problem('block_id already exists', `${path}/${index}/block_id`)
      : [],
  );
}

function checkActionIds(block: unknown, path: string): Problems {
  const ids = recordsIn(isRecord(block) ? block['elements'] : undefined)
    .map((one) => one['action_id'])
    .filter((id) => id !== undefined);
  return new Set(ids).size < ids.length
    ? problem('action_id already exists in this block', `${path}/elements`)
    : [];
}

/** Slack takes one table a message, whose cells together are not too long. */
function checkTables(blocks: readonly Block[], path: string): Problems {
  const tables = blocks.filter(({ type }) => type === 'table');
  const cells = recordsIn(tables.flatMap(({ rows }) => (Array.isArray(rows) ? rows.flat() : [])));
  const length = cells.reduce((sum, { text }) => sum + (typeof text === 'string' ? text.length : 0), 0);
  return [
    ...(tables.length > limits.tablesPerMessage ? problem('only_one_table_allowed', path) : []),
    ...(length > limits.tableText
      ? problem(`tables hold more than ${limits.tableText} characters`, path)
      : []),
  ];
}

/** All markdown blocks of a message share one limit. */
function checkMarkdown(blocks: readonly Block[], path: string): Problems {
  const texts = blocks.filter(({ type }) => type === 'markdown').map(({ text }) => text);
  const length = texts.reduce<number>((sum, text) => sum + (typeof text === 'string' ? text.length : 0), 0);
  return texts.length > 1 && length > limits.markdownText
    ? problem(`markdown blocks hold more than ${limits.markdownText} characters`, path)
    : [];
}

/** What is filled in must have a way to be sent. */
function checkSubmit({ type, submit, blocks }: Block): Problems {
  if (type !== 'modal' || submit !== undefined || !Array.isArray(blocks)) return [];
  const input = blocks.findIndex((block) => isRecord(block) && block['type'] === 'input');
  return input === -1
    ? []
    : problem('must define `submit` to use `input` block', `/view/blocks/${input}/input`);
}

function checkFocus(blocks: unknown): Problems {
  const elements = recordsIn(blocks).flatMap(({ element, accessory, elements: inside }) => [
    element,
    accessory,
    ...recordsIn(inside),
  ]);
  const focused = recordsIn(elements).filter((one) => one['focus_on_load'] === true);
  return focused.length > 1 ? problem('only one element can have focus_on_load', '/view/blocks') : [];
}

/** Returns all that people can read in these blocks, in characters: what `msg_blocks_too_long` counts. */
export function measureText(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + measureText(one), 0);
  if (!isRecord(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [name, one]) => sum + (name === 'text' && typeof one === 'string' ? one.length : measureText(one)),
    0,
  );
}
