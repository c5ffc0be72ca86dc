import { isRecord } from './checks.ts';

type Element = Readonly<Record<string, unknown>>;

/** The element with this action_id, and with this value if one is given, wherever it stands in the blocks. */
export function findElement(
  blocks: unknown,
  actionId: string,
  value: string | null,
  blockId: string | null = null,
): { readonly element: Element; readonly blockId: string } | null {
  if (!Array.isArray(blocks)) return null;
  for (const block of blocks.filter(isRecord)) {
    if (blockId !== null && block['block_id'] !== blockId) continue;
    const element = interactiveElements(block).find(
      (one) => one['action_id'] === actionId && (value === null || offers(one, value)),
    );
    if (element) return { element, blockId: String(block['block_id']) };
  }
  return null;
}

function interactiveElements(block: Element): readonly Element[] {
  const { elements, accessory, element } = block;
  return [...(Array.isArray(elements) ? elements : []), accessory, element].filter(isRecord);
}

/** What an app sees in `actions[0]` when a person used this element. */
export function toAction(element: Element, blockId: string, value: string | null, ts: string): object {
  return {
    action_id: element['action_id'],
    block_id: blockId,
    type: element['type'],
    action_ts: ts,
    ...(element['type'] === 'button'
      ? { text: element['text'], value: element['value'], style: element['style'] }
      : chosen(element, value === null ? [] : [value])),
  };
}

/** For each block and action: a text, or the value or values of the options chosen. */
export type ViewValues = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** What people entered, in the form of Slack's `state.values`; names that the blocks do not have are left out. */
export function toStateValues(blocks: unknown, values: ViewValues): object {
  const entries = Object.entries(values).map(([blockId, actions]) => {
    const inputs = Object.entries(actions).flatMap(([actionId, value]) => {
      const found = findElement(blocks, actionId, null, blockId);
      return found ? [[actionId, toInputState(found.element, value)] as const] : [];
    });
    return [blockId, Object.fromEntries(inputs)] as const;
  });
  return Object.fromEntries(entries);
}

/** Values that came from outside: whatever has not this form is left out. */
export function readViewValues(value: unknown): ViewValues {
  if (!isRecord(value)) return {};
  const blocks = Object.entries(value).map(([blockId, actions]) => {
    const entries = Object.entries(isRecord(actions) ? actions : {}).filter(isEntry);
    return [blockId, Object.fromEntries(entries)] as const;
  });
  return Object.fromEntries(blocks);
}

function isEntry(entry: [string, unknown]): entry is [string, string | string[]] {
  const [, value] = entry;
  return typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string'));
}

function toInputState(element: Element, value: unknown): object {
  const values = (Array.isArray(value) ? value : [value]).filter((one) => one !== undefined && one !== null);
  return { type: element['type'], ...chosen(element, values.map(String)) };
}

/** The name under which each kind of element tells what was chosen. */
function chosen(element: Element, values: readonly string[]): object {
  const options = optionsOf(element).filter((option) => values.includes(String(option['value'])));
  const [first = null] = values;
  switch (element['type']) {
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
    case 'overflow':
      return { selected_option: options[0] ?? null };
    case 'checkboxes':
    case 'multi_static_select':
      return { selected_options: options };
    case 'users_select':
      return { selected_user: first };
    case 'multi_users_select':
      return { selected_users: values };
    case 'channels_select':
      return { selected_channel: first };
    case 'conversations_select':
      return { selected_conversation: first };
    case 'datepicker':
      return { selected_date: first };
    case 'timepicker':
      return { selected_time: first };
    default:
      return { value: first };
  }
}

function optionsOf(element: Element): readonly Element[] {
  return Array.isArray(element['options']) ? element['options'].filter(isRecord) : [];
}

function offers(element: Element, value: string): boolean {
  if (element['type'] === 'button') return element['value'] === value;
  const options = optionsOf(element);
  return options.length === 0 || options.some((option) => option['value'] === value);
}
