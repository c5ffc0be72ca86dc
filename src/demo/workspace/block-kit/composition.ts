import { limits } from '../limits.ts';
import {
  either,
  flag,
  formatted,
  list,
  object,
  oneOf,
  type Properties,
  type Shape,
  text,
  typed,
  type Types,
} from './shape.ts';

/** Composition objects: https://docs.slack.dev/reference/block-kit/composition-objects. */

function texts(max: number): Types {
  return {
    plain_text: object({ text: text(max) }, { emoji: flag }),
    mrkdwn: object({ text: text(max) }, { verbatim: flag }),
  };
}

export function plainText(max: number): Shape {
  const { plain_text: plain } = texts(max);
  return typed(plain ? { plain_text: plain } : {});
}

export function markdownText(max: number): Shape {
  const { mrkdwn } = texts(max);
  return typed(mrkdwn ? { mrkdwn } : {});
}

export function anyText(max: number): Shape {
  return typed(texts(max));
}

/** Both kinds of text, as elements of a context block. */
export const contextTexts: Types = texts(limits.text);

export const url = formatted('url', limits.url);
export const id = text(limits.id);
export const colorScheme = oneOf('primary', 'danger');

export const confirm = object(
  {
    title: plainText(limits.confirmTitle),
    text: anyText(limits.confirmText),
    confirm: plainText(limits.confirmButton),
    deny: plainText(limits.confirmButton),
  },
  { style: colorScheme },
);

function option(label: (max: number) => Shape, more: Properties = {}): Shape {
  return object(
    { text: label(limits.optionText), value: text(limits.optionValue) },
    { description: label(limits.optionText), ...more },
  );
}

const distinctValues = { distinct: 'value' } as const;

export const plainOption = option(plainText);
export const anyOption = option(anyText);
const overflowOption = option(plainText, { url });
export const plainOptions = list(plainOption, limits.options, distinctValues);
export const choiceOptions = list(anyOption, limits.fewOptions, distinctValues);
export const overflowOptions = list(overflowOption, limits.overflowOptions, distinctValues);
export const optionGroups = list(
  object({ label: plainText(limits.optionText), options: plainOptions }),
  limits.options,
);

export const dispatchConfig = object({
  trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), 2),
});

export const conversationFilter = object(
  {},
  {
    include: list(oneOf('im', 'mpim', 'private', 'public'), 4),
    exclude_external_shared_channels: flag,
    exclude_bot_users: flag,
  },
  { atLeastOneOf: ['include', 'exclude_external_shared_channels', 'exclude_bot_users'] },
);

/** By `id` or by `url`, not both. */
const slackFile = either(object({ url }), object({ id }));
/** Where a picture is from. */
export const imageSource: Properties = { image_url: formatted('https', limits.url), slack_file: slackFile };
