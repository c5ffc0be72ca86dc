import { describe, expect, it } from 'vitest';
import {
  checkAttachments,
  checkBlocks,
  checkMetadata,
  checkView,
} from '../../../src/demo/workspace/block-kit/check-blocks.ts';
import { button, section } from './bolt.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const cell = (text: string) => ({ type: 'raw_text', text });
const option = (value: string) => ({ text: plain(value), value });
const actions = (...elements: object[]) => [{ type: 'actions', elements }];
const select = (more: object) => actions({ type: 'static_select', options: [option('a')], ...more });
const input = (element: object) => ({ type: 'input', label: plain('Label'), element });
const modal = (more: object) => ({ type: 'modal', title: plain('Title'), blocks: [], ...more });
const image = { type: 'image', image_url: 'https://example.org/a.png', alt_text: 'a' };

describe('what Slack does not take in a message', () => {
  it.each<[string, unknown, string]>([
    [
      'an unknown property of a block',
      [{ type: 'divider', color: 'red' }],
      'invalid additional property: color [json-pointer:/blocks/0]',
    ],
    [
      'an unknown property of an element',
      actions({ ...button('b', 'v'), icon: 'x' }),
      'invalid additional property: icon [json-pointer:/blocks/0/elements/0]',
    ],
    [
      'emoji on mrkdwn',
      [{ type: 'section', text: { type: 'mrkdwn', text: 'x', emoji: true } }],
      'invalid additional property: emoji [json-pointer:/blocks/0/text]',
    ],
    [
      'verbatim on plain text',
      [{ type: 'header', text: { ...plain('x'), verbatim: true } }],
      'invalid additional property: verbatim',
    ],
    [
      'emoji that is no boolean',
      [{ type: 'header', text: { ...plain('x'), emoji: 'yes' } }],
      'must be a boolean [json-pointer:/blocks/0/text/emoji]',
    ],
    [
      'an initial option that is no option',
      select({ initial_option: option('b') }),
      'initial_option does not match one of the options [json-pointer:/blocks/0/elements/0/initial_option]',
    ],
    [
      'an initial option with another label than its option',
      select({ initial_option: { text: plain('A'), value: 'a' } }),
      'initial_option does not match',
    ],
    [
      'initial options of which one is no option',
      actions({ type: 'checkboxes', options: [option('a')], initial_options: [option('a'), option('b')] }),
      'initial_options does not match',
    ],
    ['options with one value', select({ options: [option('a'), option('a')] }), 'value already exists'],
    [
      'options and groups of options at once',
      select({ option_groups: [{ label: plain('g'), options: [option('a')] }] }),
      'must provide exactly one of: options, option_groups',
    ],
    ['a select without options', actions({ type: 'static_select' }), 'must provide exactly one of'],
    [
      'a day that is none',
      actions({ type: 'datepicker', initial_date: '2026-02-30' }),
      'must be a valid date',
    ],
    ['a date in words', actions({ type: 'datepicker', initial_date: 'today' }), 'must be a valid date'],
    [
      'a time of day that is none',
      actions({ type: 'timepicker', initial_time: '24:00' }),
      'must be a valid time',
    ],
    ['a time zone that is none', actions({ type: 'timepicker', timezone: 'Mars/Up' }), 'valid time-zone'],
    [
      'a time in milliseconds',
      actions({ type: 'datetimepicker', initial_date_time: 1_700_000_000_000 }),
      'must be between',
    ],
    ['a table without rows', [{ type: 'table', rows: [] }], 'must have at least 1 items'],
    ['a row without cells', [{ type: 'table', rows: [[]] }], '[json-pointer:/blocks/0/rows/0]'],
    [
      'uneven rows',
      [{ type: 'table', rows: [[cell('a'), cell('b')], [cell('c')]] }],
      'must have 2 items, as the first one [json-pointer:/blocks/0/rows/1]',
    ],
    ['an empty cell', [{ type: 'table', rows: [[cell('')]] }], 'must be more than 0 characters'],
    ['a url that is none', actions({ ...button('b', 'v'), url: 'not a url' }), 'must be a valid url'],
    ['a url that runs a script', actions({ ...button('b', 'v'), url: 'javascript:alert(1)' }), 'valid url'],
    ['a picture that is not from the web', [{ ...image, image_url: 'file:///etc/passwd' }], 'valid https'],
    ['a picture from nowhere', [{ type: 'image', alt_text: 'a' }], 'exactly one of: image_url, slack_file'],
    ['an unknown style', actions({ ...button('b', 'v'), style: 'warning' }), 'one of the allowed values'],
    ['a text of blanks', [section('  ')], 'must be more than 0 characters'],
    ['an input element in an actions block', actions({ type: 'plain_text_input' }), 'unsupported type'],
    ['a block of modals', [{ type: 'alert', text: plain('x') }], 'unsupported type: alert'],
    [
      'a block that only Slack makes',
      [{ type: 'file', source: 'remote', external_id: 'x' }],
      'unsupported type',
    ],
    ['a property of Object itself', [{ type: 'constructor' }], 'unsupported type: constructor'],
    [
      'a confirm dialog without buttons',
      actions({ ...button('b', 'v'), confirm: { title: plain('t'), text: plain('x') } }),
      'missing required field: confirm [json-pointer:/blocks/0/elements/0/confirm]',
    ],
    [
      'rich text with an unknown element',
      [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'blink' }] }] }],
      'unsupported type: blink',
    ],
    [
      'markdown blocks that are too long together',
      ['a', 'b'].map((letter) => ({ type: 'markdown', text: letter.repeat(6_001) })),
      'hold more than 12000',
    ],
    [
      'a number input whose bounds are crossed',
      [input({ type: 'number_input', is_decimal_allowed: true, min_value: '2', max_value: '1' })],
      'min_value must not be greater',
    ],
    [
      'a text input whose bounds are crossed',
      [input({ type: 'plain_text_input', min_length: 5, max_length: 2 })],
      'min_length must not be greater',
    ],
  ])('%s', (_what, blocks, complaint) => {
    expect(checkBlocks(blocks).join('\n')).toContain(complaint);
  });
});

describe('what Slack does not take in a view', () => {
  const text = input({ type: 'plain_text_input', action_id: 'a' });

  it.each<[string, unknown, string]>([
    [
      'a modal with an input and no submit',
      modal({ blocks: [section('x'), text] }),
      'must define `submit` to use `input` block [json-pointer:/view/blocks/1/input]',
    ],
    [
      'an unknown property',
      modal({ submit_disabled: true }),
      'invalid additional property: submit_disabled [json-pointer:/view]',
    ],
    ['a modal without a title', { type: 'modal', blocks: [] }, 'missing required field: title'],
    ['a modal without blocks', { type: 'modal', title: plain('x') }, 'missing required field: blocks'],
    [
      'a Home tab with a title',
      { type: 'home', title: plain('x'), blocks: [] },
      'invalid additional property',
    ],
    [
      'a table in a modal',
      modal({ blocks: [{ type: 'table', rows: [[cell('a')]] }] }),
      'unsupported type: table',
    ],
    ['markdown in a modal', modal({ blocks: [{ type: 'markdown', text: 'x' }] }), 'unsupported type'],
    [
      'two elements that want the focus',
      modal({
        submit: plain('Send'),
        blocks: ['a', 'b'].map((id) =>
          input({ type: 'plain_text_input', action_id: id, focus_on_load: true }),
        ),
      }),
      'only one element can have focus_on_load',
    ],
    ['a workflow step', { type: 'workflow_step', blocks: [] }, 'unsupported type: workflow_step'],
    ['no view', 'modal', 'missing required field: type'],
  ])('%s', (_what, view, complaint) => {
    expect(checkView(view).join('\n')).toContain(complaint);
  });
});

describe('what Slack does not take beside the blocks', () => {
  it.each<[string, readonly string[], string]>([
    ['an unknown property of an attachment', checkAttachments([{ text: 'x', colour: 'red' }]), 'colour'],
    ['an empty attachment', checkAttachments([{}]), 'missing required field'],
    ['a link of an attachment that is none', checkAttachments([{ text: 'x', title_link: 'x' }]), 'valid url'],
    [
      '101 attachments',
      checkAttachments(Array.from({ length: 101 }, () => ({ text: 'x' }))),
      'no more than 100 items',
    ],
    ['an event type with blanks', checkMetadata({ event_type: 'a b', event_payload: {} }), '/event_type'],
    [
      'metadata that is nested too deep',
      checkMetadata({ event_type: 'a', event_payload: { a: { b: { c: 1 } } } }),
      '/metadata/event_payload/a',
    ],
    ['null in metadata', checkMetadata({ event_type: 'a', event_payload: { a: null } }), 'event_payload/a'],
    ['more in metadata', checkMetadata({ event_type: 'a', event_payload: {}, id: 7 }), 'property: id'],
  ])('%s', (_what, problems, complaint) => {
    expect(problems.join('\n')).toContain(complaint);
  });
});

describe('what Slack takes', () => {
  it.each<[string, readonly string[]]>([
    ['an initial option that is an option', checkBlocks(select({ initial_option: option('a') }))],
    [
      'an initial option in a group',
      checkBlocks(
        actions({
          type: 'static_select',
          option_groups: [{ label: plain('g'), options: [option('a')] }],
          initial_option: option('a'),
        }),
      ),
    ],
    [
      'a mail address to write to',
      checkBlocks(actions({ ...button('b', 'v'), url: 'mailto:a@example.org' })),
    ],
    [
      'the 29th of February of a leap year',
      checkBlocks(actions({ type: 'datepicker', initial_date: '2028-02-29' })),
    ],
    ['an input in a message', checkBlocks([input({ type: 'plain_text_input' })])],
    [
      'an alert in a modal',
      checkView(modal({ blocks: [{ type: 'alert', text: plain('x'), level: 'error' }] })),
    ],
    ['lists in metadata', checkMetadata({ event_type: 'a', event_payload: { a: [{ b: true }], c: 1 } })],
    ['an attachment with blocks', checkAttachments([{ color: '#36a64f', blocks: [section('x')] }])],
  ])('%s', (_what, problems) => {
    expect(problems).toEqual([]);
  });
});
