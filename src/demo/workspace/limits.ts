import { byType, type Check, type Fields, isRecord, list, object, oneOf, problem, string } from './checks.ts';

/** What Slack publishes at https://docs.slack.dev/reference/block-kit; lengths in characters. */
export const limits = {
  blocksPerMessage: 50,
  blocksPerView: 100,
  messageBlocksText: 13_200,
  postedText: 40_000,
  updatedText: 4_000,
  viewBytes: 250_000,
  viewStack: 3,
  id: 255,
  url: 3_000,
  sectionText: 3_000,
  fields: 10,
  fieldText: 2_000,
  headerText: 150,
  actions: 25,
  contextElements: 10,
  buttonText: 75,
  buttonValue: 2_000,
  options: 100,
  optionText: 75,
  optionValue: 150,
  tableRows: 100,
  tableColumns: 20,
  tablesPerMessage: 1,
  tableText: 10_000,
  markdownText: 12_000,
  altText: 2_000,
  placeholder: 150,
  label: 2_000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  modalTitle: 24,
  privateMetadata: 3_000,
} as const;

const plain = (max: number): Check => object({ type: oneOf('plain_text'), text: string(max) });
const anyText = (max: number): Check => object({ type: oneOf('plain_text', 'mrkdwn'), text: string(max) });

const confirm = object({
  title: plain(limits.confirmTitle),
  text: anyText(limits.confirmText),
  confirm: plain(limits.confirmButton),
  deny: plain(limits.confirmButton),
});
const option = object(
  { text: anyText(limits.optionText), value: string(limits.optionValue) },
  { description: anyText(limits.optionText) },
);

const element = (required: Fields, optional: Fields = {}): Check =>
  object(required, {
    action_id: string(limits.id),
    confirm,
    placeholder: plain(limits.placeholder),
    ...optional,
  });

const button = element(
  { text: plain(limits.buttonText) },
  { value: string(limits.buttonValue, 0), url: string(limits.url), style: oneOf('primary', 'danger') },
);
const choice = (max: number): Check => element({ options: list(max, option) });
const select = element({}, { options: list(limits.options, option) });
const anyElement = element({});
const image = object(
  { alt_text: string(limits.altText, 0) },
  { image_url: string(limits.url), title: plain(limits.altText) },
);

const interactive: Readonly<Record<string, Check>> = {
  button,
  static_select: choice(limits.options),
  multi_static_select: choice(limits.options),
  overflow: choice(5),
  radio_buttons: choice(10),
  checkboxes: choice(10),
  users_select: select,
  multi_users_select: select,
  conversations_select: select,
  multi_conversations_select: select,
  channels_select: select,
  multi_channels_select: select,
  external_select: select,
  multi_external_select: select,
  datepicker: anyElement,
  timepicker: anyElement,
  datetimepicker: anyElement,
  workflow_button: anyElement,
  rich_text_input: anyElement,
};
const inputs: Readonly<Record<string, Check>> = {
  ...interactive,
  plain_text_input: anyElement,
  email_text_input: anyElement,
  url_text_input: anyElement,
  number_input: anyElement,
  file_input: anyElement,
};

const block = (required: Fields, optional: Fields = {}): Check =>
  object(required, { block_id: string(limits.id), ...optional });
const anyBlock = block({});

const section: Check = (value, path) => {
  const shape = block(
    {},
    {
      text: anyText(limits.sectionText),
      fields: list(limits.fields, anyText(limits.fieldText)),
      accessory: byType({ ...interactive, image }),
    },
  );
  const empty = isRecord(value) && value['text'] === undefined && value['fields'] === undefined;
  return empty ? problem('missing required field: text or fields', path) : shape(value, path);
};

const cell = byType({
  raw_text: object({ text: string(limits.sectionText) }),
  raw_number: object({ value: () => [] }),
  rich_text: anyBlock,
});

const blocks: Readonly<Record<string, Check>> = {
  section,
  header: block({ text: plain(limits.headerText) }),
  divider: anyBlock,
  context: block({
    elements: list(
      limits.contextElements,
      byType({ plain_text: anyText(3000), mrkdwn: anyText(3000), image }),
    ),
  }),
  actions: block({ elements: list(limits.actions, byType(interactive)) }),
  input: block({ label: plain(limits.label), element: byType(inputs) }, { hint: plain(limits.label) }),
  image: block(
    { alt_text: string(limits.altText, 0) },
    { image_url: string(limits.url), title: plain(limits.altText) },
  ),
  table: block({ rows: list(limits.tableRows, list(limits.tableColumns, cell)) }),
  markdown: block({ text: string(limits.markdownText) }),
  rich_text: block({ elements: list(1000, isRecordCheck, 0) }),
  alert: block({ text: anyText(limits.sectionText) }),
  ...Object.fromEntries(
    [
      'card',
      'carousel',
      'container',
      'context_actions',
      'data_table',
      'file',
      'plan',
      'task_card',
      'video',
    ].map((type) => [type, anyBlock]),
  ),
};

function isRecordCheck(value: unknown, path: string): readonly string[] {
  return isRecord(value) ? [] : problem('must provide an object', path);
}

/** What Slack would complain of; nothing when it would take these blocks. */
export function checkBlocks(value: unknown, surface: 'message' | 'view'): readonly string[] {
  const max = surface === 'message' ? limits.blocksPerMessage : limits.blocksPerView;
  const problems = list(max, byType(blocks), 0)(value, '/blocks');
  if (!Array.isArray(value)) return problems;
  return [...problems, ...checkTables(value), ...checkIds(value)];
}

/** Slack takes one table a message, whose cells together are not too long. */
function checkTables(all: readonly unknown[]): readonly string[] {
  const tables = all.filter(isRecord).filter(({ type }) => type === 'table');
  const cells = tables.flatMap(({ rows }) => (Array.isArray(rows) ? rows.flat() : [])).filter(isRecord);
  const length = cells.reduce((sum, { text }) => sum + (typeof text === 'string' ? text.length : 0), 0);
  return [
    ...(tables.length > limits.tablesPerMessage ? problem('only_one_table_allowed', '/blocks') : []),
    ...(length > limits.tableText
      ? problem(`tables hold more than ${limits.tableText} characters`, '/blocks')
      : []),
  ];
}

/** A block_id is unique in the message, an action_id in its block. */
function checkIds(all: readonly unknown[]): readonly string[] {
  const seen = new Set<unknown>();
  return all.filter(isRecord).flatMap((one, index) => {
    const id = one['block_id'];
    const repeated = id !== undefined && seen.has(id);
    seen.add(id);
    const path = `/blocks/${index}`;
    const problems = checkActionIds(one['elements'], path);
    return repeated ? problems.concat(problem('block_id already exists', `${path}/block_id`)) : problems;
  });
}

function checkActionIds(elements: unknown, path: string): readonly string[] {
  const all = Array.isArray(elements) ? elements.filter(isRecord) : [];
  const ids = all.map((one) => one['action_id']).filter((id) => id !== undefined);
  return new Set(ids).size < ids.length
    ? problem('action_id already exists in this block', `${path}/elements`)
    : [];
}

/** All that people can read in these blocks, in characters: what `msg_blocks_too_long` counts. */
export function measureText(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + measureText(one), 0);
  if (!isRecord(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [name, one]) => sum + (name === 'text' && typeof one === 'string' ? one.length : measureText(one)),
    0,
  );
}

const view = object(
  { type: oneOf('modal', 'home'), blocks: () => [] },
  {
    title: plain(limits.modalTitle),
    submit: plain(limits.modalTitle),
    close: plain(limits.modalTitle),
    private_metadata: string(limits.privateMetadata, 0),
    callback_id: string(limits.id, 0),
    external_id: string(limits.id, 0),
  },
);

/** What Slack would complain of in a modal or Home tab. */
export function checkView(value: unknown): readonly string[] {
  if (!isRecord(value)) return problem('must provide an object', '/view');
  const titled = value['type'] === 'home' || value['title'] !== undefined;
  return [
    ...view(value, '/view'),
    ...(titled ? [] : problem('missing required field: title', '/view')),
    ...checkBlocks(value['blocks'], 'view').map((text) =>
      text.replace('[json-pointer:', '[json-pointer:/view'),
    ),
  ];
}
