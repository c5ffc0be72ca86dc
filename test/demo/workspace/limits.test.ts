import { describe, expect, it } from 'vitest';
import { checkBlocks, checkView, measureText } from '../../../src/demo/workspace/block-kit/check-blocks.ts';
import { button, section } from './bolt.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const cell = (text: string) => ({ type: 'raw_text', text });
const a = (count: number) => 'a'.repeat(count);
const many = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);
const buttons = (count: number) => Array.from({ length: count }, (_, index) => button(`b${index}`, 'v'));

describe('what Slack takes', () => {
  it.each<[string, object[]]>([
    ['50 blocks', many(50, section('x'))],
    ['a header of 150 characters', [{ type: 'header', text: plain(a(150)) }]],
    ['a section of 3,000 characters', [section(a(3000))]],
    ['10 fields of 2,000 characters', [{ type: 'section', fields: many(10, mrkdwn(a(2000))) }]],
    ['25 buttons', [{ type: 'actions', elements: buttons(25) }]],
    ['a button value of 2,000 characters', [{ type: 'actions', elements: [button('b', a(2000))] }]],
    ['10 parts of a context', [{ type: 'context', elements: many(10, mrkdwn('x')) }]],
    ['a table of 100 rows and 20 columns', [{ type: 'table', rows: many(100, many(20, cell('x'))) }]],
    [
      'a divider and an image',
      [{ type: 'divider' }, { type: 'image', image_url: 'https://x/y.png', alt_text: '' }],
    ],
    ['markdown of 12,000 characters', [{ type: 'markdown', text: a(12_000) }]],
  ])('%s', (_what, blocks) => {
    expect(checkBlocks(blocks)).toEqual([]);
  });
});

describe('what Slack does not take', () => {
  it.each<[string, unknown, string]>([
    ['51 blocks', many(51, section('x')), 'no more than 50 items allowed [json-pointer:/blocks]'],
    ['something else than a list', 'blocks', 'must provide an array [json-pointer:/blocks]'],
    [
      'two tables',
      many(2, { type: 'table', rows: [[cell('x')]] }),
      'only_one_table_allowed [json-pointer:/blocks]',
    ],
    [
      'a table of 10,001 characters',
      [{ type: 'table', rows: many(10, [cell(a(1000))]).concat([[cell('x')]]) }],
      'tables hold more than 10000 characters [json-pointer:/blocks]',
    ],
    [
      'a long header',
      [{ type: 'header', text: plain(a(151)) }],
      'less than 151 characters [json-pointer:/blocks/0/text/text]',
    ],
    ['mrkdwn in a header', [{ type: 'header', text: mrkdwn('x') }], '[json-pointer:/blocks/0/text/type]'],
    ['a long section', [section(a(3001))], 'less than 3001 characters'],
    ['an empty section', [section('')], 'more than 0 characters'],
    ['a section of nothing', [{ type: 'section' }], 'missing required field: text or fields'],
    ['11 fields', [{ type: 'section', fields: many(11, mrkdwn('x')) }], 'no more than 10 items'],
    [
      'a long field',
      [{ type: 'section', fields: [mrkdwn(a(2001))] }],
      '[json-pointer:/blocks/0/fields/0/text]',
    ],
    ['26 buttons', [{ type: 'actions', elements: buttons(26) }], 'no more than 25 items'],
    ['a long button value', [{ type: 'actions', elements: [button('b', a(2001))] }], '/elements/0/value]'],
    ['a long action_id', [{ type: 'actions', elements: [button(a(256), 'v')] }], '/elements/0/action_id]'],
    [
      'an action_id twice in a block',
      [{ type: 'actions', elements: [button('b', '1'), button('b', '2')] }],
      'action_id already exists',
    ],
    ['a block_id twice', many(2, { type: 'divider', block_id: 'x' }), '[json-pointer:/blocks/1/block_id]'],
    [
      '11 parts of a context',
      [{ type: 'context', elements: many(11, mrkdwn('x')) }],
      'no more than 10 items',
    ],
    ['101 rows', [{ type: 'table', rows: many(101, [cell('x')]) }], 'no more than 100 items'],
    ['21 columns', [{ type: 'table', rows: [many(21, cell('x'))] }], '[json-pointer:/blocks/0/rows/0]'],
    ['an unknown block', [{ type: 'marquee' }], 'unsupported type: marquee [json-pointer:/blocks/0/type]'],
    ['no block at all', [null], 'missing required field: type'],
  ])('%s', (_what, blocks, complaint) => {
    expect(checkBlocks(blocks).join('\n')).toContain(complaint);
  });

  it('a modal with a long title or much private_metadata', () => {
    const view = {
      type: 'modal',
      title: plain(a(25)),
      private_metadata: a(3001),
      blocks: many(101, section('x')),
    };
    expect(checkView(view)).toEqual([
      '[ERROR] must be less than 25 characters [json-pointer:/view/title/text]',
      '[ERROR] must be less than 3001 characters [json-pointer:/view/private_metadata]',
      '[ERROR] no more than 100 items allowed [json-pointer:/view/blocks]',
    ]);
  });
});

it('counts what people can read', () => {
  const blocks = [section('12345'), { type: 'actions', elements: [button('long-id', 'long-value', 'Go')] }];
  expect(measureText(blocks)).toBe(7);
});
