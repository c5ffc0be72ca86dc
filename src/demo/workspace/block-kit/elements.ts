import { limits } from '../limits.ts';
import {
  choiceOptions,
  anyOption,
  colorScheme,
  confirm,
  conversationFilter,
  dispatchConfig,
  id,
  imageSource,
  optionGroups,
  overflowOptions,
  plainOption,
  plainOptions,
  plainText,
  url,
} from './composition.ts';
import { richTextBlock } from './rich-text.ts';
import {
  flag,
  formatted,
  list,
  object,
  type Properties,
  type Rules,
  text,
  type Types,
  whole,
} from './shape.ts';

/** Block elements: https://docs.slack.dev/reference/block-kit/block-elements, and `@slack/types`. */

const placeholder = plainText(limits.placeholder);
const focus: Properties = { focus_on_load: flag };
const ask: Properties = { confirm };
const typing: Properties = { dispatch_action_config: dispatchConfig };
const several: Properties = { max_selected_items: whole(1, limits.options) };
const respondable: Properties = { response_url_enabled: flag };
const label: Properties = { accessibility_label: text(limits.buttonText) };

/** An element that may name its action. */
function element(required: Properties, optional: Properties = {}, rules: Rules = {}) {
  return object(required, { action_id: id, ...optional }, rules);
}

/** A menu. */
function menu(optional: Properties, rules: Rules = {}) {
  return element({}, { placeholder, ...focus, ...ask, ...optional }, rules);
}

const eitherOptions: Properties = { options: plainOptions, option_groups: optionGroups };
const fromOptions = { exactlyOneOf: ['options', 'option_groups'] };
const external: Properties = { min_query_length: whole(0, limits.inputText) };
const conversations: Properties = { default_to_current_conversation: flag, filter: conversationFilter };
const reaction = object({ text: plainText(limits.buttonText), value: text(limits.buttonValue) }, label);

export const image = object({ alt_text: text(limits.altText, 0) }, imageSource, {
  exactlyOneOf: ['image_url', 'slack_file'],
});

const menus: Types = {
  static_select: menu(
    { ...eitherOptions, initial_option: plainOption },
    { ...fromOptions, among: 'initial_option' },
  ),
  multi_static_select: menu(
    { ...eitherOptions, ...several, initial_options: list(plainOption, limits.options) },
    { ...fromOptions, among: 'initial_options' },
  ),
  external_select: menu({ ...external, initial_option: plainOption }),
  multi_external_select: menu({
    ...external,
    ...several,
    initial_options: list(plainOption, limits.options),
  }),
  users_select: menu({ initial_user: id }),
  multi_users_select: menu({ ...several, initial_users: list(id) }),
  conversations_select: menu({ ...conversations, ...respondable, initial_conversation: id }),
  multi_conversations_select: menu({ ...conversations, ...several, initial_conversations: list(id) }),
  channels_select: menu({ ...respondable, initial_channel: id }),
  multi_channels_select: menu({ ...several, initial_channels: list(id) }),
};

/** What both an input block and an actions block take. */
const choices: Types = {
  ...menus,
  radio_buttons: element(
    { options: choiceOptions },
    { ...focus, ...ask, initial_option: anyOption },
    { among: 'initial_option' },
  ),
  checkboxes: element(
    { options: choiceOptions },
    { ...focus, ...ask, initial_options: list(anyOption, limits.fewOptions) },
    { among: 'initial_options' },
  ),
  datepicker: menu({ initial_date: formatted('date') }),
  timepicker: menu({ initial_time: formatted('time'), timezone: formatted('time-zone') }),
  // Ten digits, in seconds since 1970.
  datetimepicker: element({}, { ...focus, ...ask, initial_date_time: whole(1_000_000_000, 9_999_999_999) }),
  rich_text_input: element(
    {},
    {
      ...focus,
      ...typing,
      placeholder,
      initial_value: richTextBlock,
      min_lines: whole(1, 100),
      max_lines: whole(1, 100),
    },
    { ordered: [['min_lines', 'max_lines']] },
  ),
};

export const interactive: Types = {
  ...choices,
  button: element(
    { text: plainText(limits.buttonText) },
    { ...ask, ...label, value: text(limits.buttonValue, 0), url, style: colorScheme },
  ),
  overflow: element({ options: overflowOptions }, ask),
  workflow_button: element(
    {
      text: plainText(limits.buttonText),
      workflow: object({
        trigger: object(
          { url },
          {
            customizable_input_parameters: list(
              object({ name: text(limits.id), value: text(limits.inputText, 0) }),
            ),
          },
        ),
      }),
    },
    { ...ask, ...label, style: colorScheme },
  ),
};

const typed = (optional: Properties, rules: Rules = {}) =>
  element({}, { ...focus, ...typing, placeholder, ...optional }, rules);
const inputLength = whole(0, limits.inputText);

export const inputs: Types = {
  ...choices,
  plain_text_input: typed(
    {
      initial_value: text(limits.inputText, 0),
      multiline: flag,
      min_length: inputLength,
      max_length: whole(1, limits.inputText),
    },
    { ordered: [['min_length', 'max_length']] },
  ),
  email_text_input: typed({ initial_value: text(limits.inputText, 0) }),
  url_text_input: typed({ initial_value: text(limits.inputText, 0) }),
  number_input: object(
    { is_decimal_allowed: flag },
    {
      action_id: id,
      ...focus,
      ...typing,
      placeholder,
      initial_value: formatted('number'),
      min_value: formatted('number'),
      max_value: formatted('number'),
    },
    {
      ordered: [
        ['min_value', 'max_value'],
        ['min_value', 'initial_value'],
        ['initial_value', 'max_value'],
      ],
    },
  ),
  file_input: element({}, { filetypes: list(formatted('name')), max_files: whole(1, 10) }),
};

/** Elements of a context_actions block. */
export const contextActions: Types = {
  feedback_buttons: element({ positive_button: reaction, negative_button: reaction }),
  icon_button: element(
    { icon: formatted('name'), text: plainText(limits.buttonText) },
    { ...ask, ...label, value: text(limits.buttonValue, 0), visible_to_user_ids: list(id) },
  ),
};
