import { limits } from '../limits.ts';
import { anyText, contextTexts, id, imageSource, markdownText, plainText, url } from './composition.ts';
import { contextActions, image, inputs, interactive } from './elements.ts';
import { richText, richTextBlock } from './rich-text.ts';
import {
  anyNumber,
  flag,
  formatted,
  list,
  object,
  type ObjectShape,
  oneOf,
  pick,
  type Properties,
  type Rules,
  type Shape,
  text,
  typed,
  type Types,
  whole,
} from './shape.ts';

/** Blocks: https://docs.slack.dev/reference/block-kit/blocks, and `@slack/types`. */

export type Surface = 'message' | 'modal' | 'home';

function block(required: Properties, optional: Properties = {}, rules: Rules = {}): ObjectShape {
  return object(required, { block_id: id, ...optional }, rules);
}

const imageElement = typed({ image });
const https = formatted('https', limits.url);

const cells: Types = {
  raw_text: object({ text: text(limits.tableText) }),
  raw_number: object({ value: anyNumber, text: text(limits.tableText) }),
  rich_text: richText,
};

function rowsOf(min: number, max: number): Shape {
  return list(list(typed(cells), limits.tableColumns), max, { min, even: true });
}

/** Blocks that every surface takes, and that a container may hold. */
const common: Types = {
  actions: block({ elements: list(typed(interactive), limits.actions) }),
  context: block({ elements: list(typed({ ...contextTexts, image }), limits.contextElements) }),
  divider: block({}),
  header: block({ text: plainText(limits.headerText) }),
  image: block(
    { alt_text: text(limits.altText, 0) },
    { ...imageSource, title: plainText(limits.altText) },
    { exactlyOneOf: ['image_url', 'slack_file'] },
  ),
  input: block(
    { label: plainText(limits.label), element: typed(inputs) },
    { hint: plainText(limits.label), optional: flag, dispatch_action: flag },
  ),
  rich_text: richText,
  section: block(
    {},
    {
      text: anyText(limits.sectionText),
      fields: list(anyText(limits.fieldText), limits.fields),
      accessory: typed({ ...withoutRichTextInput(), image }),
      expand: flag,
    },
    { atLeastOneOf: ['text', 'fields'] },
  ),
  video: block(
    { video_url: https, thumbnail_url: https, alt_text: text(limits.altText), title: plainText(199) },
    {
      title_url: https,
      author_name: text(49),
      provider_name: text(limits.altText),
      provider_icon_url: https,
      description: plainText(limits.altText),
    },
  ),
};

function withoutRichTextInput(): Types {
  return pick(
    interactive,
    Object.keys(interactive).filter((name) => name !== 'rich_text_input'),
  );
}

const table = block(
  { rows: rowsOf(1, limits.tableRows) },
  {
    column_settings: list(
      object({}, { align: oneOf('left', 'center', 'right'), is_wrapped: flag }),
      limits.tableColumns,
    ),
  },
);

const card = block(
  {},
  {
    hero_image: imageElement,
    icon: imageElement,
    title: markdownText(150),
    subtitle: markdownText(150),
    body: markdownText(200),
    actions: list(typed(pick(interactive, ['button'])), limits.actions),
  },
  { atLeastOneOf: ['hero_image', 'title', 'actions', 'body'] },
);

const taskCard = block(
  {
    task_id: text(limits.id),
    title: text(limits.text),
    status: oneOf('pending', 'in_progress', 'complete', 'error'),
  },
  {
    details: richTextBlock,
    output: richTextBlock,
    sources: list(typed({ url: object({ url, text: text(limits.text) }) })),
  },
);

const container = block(
  { child_blocks: list(typed({ ...common, table }), 10) },
  {
    title: plainText(150),
    rich_text_title: richTextBlock,
    subtitle: anyText(150),
    width: oneOf('narrow', 'standard', 'wide', 'full'),
    icon: imageElement,
    is_collapsible: flag,
    default_collapsed: flag,
    has_header_divider: flag,
  },
  { atLeastOneOf: ['title', 'rich_text_title'], onlyWith: ['default_collapsed', 'is_collapsible'] },
);

const onlyInMessages: Types = {
  card,
  carousel: block({ elements: list(typed({ card }), 10) }),
  container,
  context_actions: block({ elements: list(typed(contextActions), limits.contextActions) }),
  data_table: block(
    { rows: rowsOf(2, 1 + limits.tableRows), caption: text(limits.altText) },
    { page_size: whole(1, 100), row_header_column_index: whole(0, limits.tableColumns - 1) },
  ),
  markdown: block({ text: text(limits.markdownText) }),
  plan: block({ title: text(limits.text) }, { tasks: list(typed({ task_card: taskCard })) }),
  table,
  task_card: taskCard,
};

/**
 * What each surface takes. A `file` block stands only in what Slack sends; an `alert` only in modals
 * (slackapi/java-slack-sdk#1624).
 */
export const blocksOf: Readonly<Record<Surface, Types>> = {
  message: { ...common, ...onlyInMessages },
  modal: {
    ...common,
    alert: block(
      { text: anyText(limits.alertText) },
      { level: oneOf('default', 'info', 'warning', 'error', 'success') },
    ),
  },
  home: common,
};
