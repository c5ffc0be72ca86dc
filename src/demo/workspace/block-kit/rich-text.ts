import {
  anyNumber,
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
import { id, url } from './composition.ts';

/** Rich text: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block. */

const style = object({}, { bold: flag, code: flag, italic: flag, strike: flag, underline: flag });
const longest = 12_000;

function styled(required: Properties, optional: Properties = {}) {
  return object(required, { style, ...optional });
}

const inline: Types = {
  broadcast: styled({ range: oneOf('here', 'channel', 'everyone') }),
  color: styled({ value: text(255) }),
  channel: styled({ channel_id: id }),
  date: styled({ timestamp: anyNumber, format: text(255) }, { url, fallback: text(longest) }),
  emoji: styled({ name: formatted('name') }, { unicode: text(255), url }),
  link: styled({ url }, { text: text(longest), unsafe: flag }),
  team: styled({ team_id: id }),
  text: styled({ text: text(longest, 0) }),
  user: styled({ user_id: id }),
  usergroup: styled({ usergroup_id: id }),
};
const sections: Types = {
  rich_text_section: object({ elements: list(typed(inline), undefined, { min: 0 }) }),
};
const border = oneOf(0, 1);
const { link, text: plain } = inline;

const richTextElements: Types = {
  ...sections,
  rich_text_list: object(
    { elements: list(typed(sections)), style: oneOf('bullet', 'ordered') },
    { indent: oneOf(0, 1, 2, 3, 4, 5, 6, 7, 8), border },
  ),
  rich_text_quote: object({ elements: list(typed(inline)) }, { border }),
  rich_text_preformatted: object(
    { elements: list(typed({ ...(link && { link }), ...(plain && { text: plain }) })) },
    { border },
  ),
};

export const richText = object({ elements: list(typed(richTextElements)) }, { block_id: id });
export const richTextBlock: Shape = typed({ rich_text: richText });
