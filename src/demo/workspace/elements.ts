import { recordsIn } from './record.ts';

export type Element = Readonly<Record<string, unknown>>;

/** An element that people use, and the block that it stands in. */
export interface Placed {
  readonly element: Element;
  readonly block: Element;
}

/** The element with this action_id, and with this value if one is given, wherever it stands in the blocks. */
export function findElement(
  blocks: unknown,
  actionId: string,
  value: string | null,
  blockId: string | null = null,
): Placed | null {
  const matches = ({ element, block }: Placed) =>
    element['action_id'] === actionId &&
    (blockId === null || block['block_id'] === blockId) &&
    (value === null || element['type'] !== 'button' || element['value'] === value);
  return placedElements(blocks).find(matches) ?? null;
}

/** All elements with an action, in the order of the blocks. */
export function placedElements(blocks: unknown): readonly Placed[] {
  return recordsIn(blocks).flatMap((block) => {
    const { elements, accessory, element } = block;
    return recordsIn([...recordsIn(elements), accessory, element])
      .filter((one) => one['action_id'] !== undefined)
      .map((one) => ({ element: one, block }));
  });
}

/** What an app sees in `actions[0]` when a person used this element. */
export function toAction({ element, block }: Placed, value: string | null, ts: string): object {
  return {
    action_id: element['action_id'],
    block_id: block['block_id'],
    type: element['type'],
    action_ts: ts,
    ...(element['type'] === 'button'
      ? { text: element['text'], value: element['value'], style: element['style'] }
      : chosen(element, value === null ? [] : [value])),
  };
}

/** What an element holds, in the form of Slack's `state.values`. */
export function toInputState(element: Element, values: readonly string[]): object {
  return { type: element['type'], ...chosen(element, values) };
}

/** The options of an element, those in groups too. */
export function optionsOf(element: Element): readonly Element[] {
  const groups = recordsIn(element['option_groups']).flatMap(({ options }) => recordsIn(options));
  return [...recordsIn(element['options']), ...groups];
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
    case 'multi_external_select':
      return { selected_options: options };
    case 'users_select':
      return { selected_user: first };
    case 'multi_users_select':
      return { selected_users: values };
    case 'channels_select':
      return { selected_channel: first };
    case 'multi_channels_select':
      return { selected_channels: values };
    case 'conversations_select':
      return { selected_conversation: first };
    case 'multi_conversations_select':
      return { selected_conversations: values };
    case 'datepicker':
      return { selected_date: first };
    case 'timepicker':
      return { selected_time: first };
    case 'datetimepicker':
      return { selected_date_time: first === null ? null : Number(first) };
    default:
      return { value: first };
  }
}
