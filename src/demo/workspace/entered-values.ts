import { hasFormat } from './block-kit/formats.ts';
import { type Element, findElement, optionsOf, placedElements, toInputState } from './elements.ts';
import { InteractionError } from './interaction-error.ts';
import { isRecord, recordsIn } from './record.ts';
import type { WorkspaceState } from './state.ts';

/** For each block and action: a text, or the value or values of the options chosen. */
export type ViewValues = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Elements that hold nothing. */
const momentary: ReadonlySet<unknown> = new Set(['button', 'overflow', 'workflow_button', 'image']);
const several: ReadonlySet<unknown> = new Set([
  'checkboxes',
  'multi_static_select',
  'multi_external_select',
  'multi_users_select',
  'multi_channels_select',
  'multi_conversations_select',
]);

/** Values that came from outside; what is no text and no list of texts is an error. @throws InteractionError */
export function readViewValues(value: unknown): ViewValues {
  const blocks = Object.entries(isRecord(value) ? value : {}).map(([blockId, actions]) => {
    const entries = Object.entries(isRecord(actions) ? actions : {}).map(([actionId, one]) => {
      if (typeof one === 'string') return [actionId, one] as const;
      if (!Array.isArray(one) || !one.every((text) => typeof text === 'string')) {
        throw new InteractionError(`not a text: ${actionId} in ${blockId}`);
      }
      return [actionId, one] as const;
    });
    return [blockId, Object.fromEntries(entries)] as const;
  });
  return Object.fromEntries(blocks);
}

/**
 * Returns Slack's `state.values`: every input of the blocks, with what was entered, else what it held at first.
 * @throws InteractionError for a name that the blocks do not have, or a value that the element does not take
 */
export function toStateValues(blocks: unknown, entered: ViewValues, state: WorkspaceState): object {
  refuseUnknown(blocks, entered);
  const values: Record<string, Record<string, object>> = {};
  for (const { element, block } of placedElements(blocks)) {
    if (momentary.has(element['type'])) continue;
    const [blockId, actionId] = [String(block['block_id']), String(element['action_id'])];
    const given = entered[blockId]?.[actionId];
    const held = heldValues(element, given);
    if (given !== undefined) checkEntered(element, held, state);
    values[blockId] = { ...values[blockId], [actionId]: toInputState(element, held) };
  }
  return values;
}

/** What a person must fill in before Slack sends a form. @throws InteractionError naming the first that is empty. */
export function requireFilledIn(blocks: unknown, entered: ViewValues): void {
  for (const { element, block } of placedElements(blocks)) {
    if (block['type'] !== 'input' || block['optional'] === true) continue;
    const given = entered[String(block['block_id'])]?.[String(element['action_id'])];
    if (heldValues(element, given).length > 0) continue;
    throw new InteractionError(`Please complete this required field: ${String(block['block_id'])}`);
  }
}

/** @throws InteractionError for values that Slack's client would not let a person enter. */
export function checkEntered(element: Element, values: readonly string[], state: WorkspaceState): void {
  const name = String(element['action_id']);
  if (values.length > 1 && !several.has(element['type']))
    throw new InteractionError(`${name} takes one value`);
  const wrong = values.find((value) => !isTaken(element, value, state));
  if (wrong !== undefined)
    throw new InteractionError(`${name} does not take this value: ${wrong.slice(0, 100)}`);
}

function refuseUnknown(blocks: unknown, entered: ViewValues): void {
  for (const [blockId, actions] of Object.entries(entered)) {
    for (const actionId of Object.keys(actions)) {
      const found = findElement(blocks, actionId, null, blockId);
      if (found) continue;
      throw new InteractionError(`no such input: ${actionId} in ${blockId}`);
    }
  }
}

function isTaken(element: Element, value: string, state: WorkspaceState): boolean {
  switch (element['type']) {
    case 'static_select':
    case 'multi_static_select':
    case 'radio_buttons':
    case 'checkboxes':
    case 'overflow':
      return optionsOf(element).some((option) => option['value'] === value);
    case 'users_select':
    case 'multi_users_select':
      return state.users.get(value)?.isDeactivated === false;
    case 'channels_select':
    case 'multi_channels_select':
    case 'conversations_select':
    case 'multi_conversations_select':
      return state.byId(value) !== null;
    case 'datepicker':
      return hasFormat('date', value);
    case 'timepicker':
      return hasFormat('time', value);
    case 'datetimepicker':
      return /^\d{10}$/.test(value);
    default:
      return isTypedIn(element, value);
  }
}

function isTypedIn(element: Element, value: string): boolean {
  switch (element['type']) {
    case 'plain_text_input':
      return (
        value.length >= limitOf(element['min_length'], 0) &&
        value.length <= limitOf(element['max_length'], 3000)
      );
    case 'number_input':
      return (
        hasFormat('number', value) &&
        (element['is_decimal_allowed'] === true || Number.isInteger(Number(value))) &&
        Number(value) >= limitOf(element['min_value'], Number.NEGATIVE_INFINITY) &&
        Number(value) <= limitOf(element['max_value'], Number.POSITIVE_INFINITY)
      );
    case 'email_text_input':
      return /^[^\s@]+@[^\s@]+$/.test(value);
    case 'url_text_input':
      return hasFormat('url', value);
    default:
      return false;
  }
}

function limitOf(value: unknown, otherwise: number): number {
  return value === undefined ? otherwise : Number(value);
}

function heldValues(element: Element, given: string | readonly string[] | undefined): readonly string[] {
  return given === undefined ? initialValues(element) : [given].flat().filter((one) => one !== '');
}

/** What an element holds before anybody touches it. */
function initialValues(element: Element): readonly string[] {
  const { initial_option: option, initial_options: options } = element;
  const initial = [
    ...recordsIn([option, ...recordsIn(options)]).map((one) => one['value']),
    ...initialNames.flatMap((name) => element[name] ?? []),
  ];
  return initial.map(String).filter((one) => one !== '');
}

const initialNames = [
  'initial_value',
  'initial_date',
  'initial_time',
  'initial_date_time',
  'initial_user',
  'initial_users',
  'initial_channel',
  'initial_channels',
  'initial_conversation',
  'initial_conversations',
] as const;
