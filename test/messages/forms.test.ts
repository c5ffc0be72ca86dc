import { describe, expect, test } from 'vitest';
import { checkView } from '../../src/demo/workspace/block-kit/check-blocks.ts';
import type { Modal } from '../../src/domain/chat.ts';
import { editForm, readEditForm } from '../../src/messages/edit-form.ts';
import { renderListing } from '../../src/messages/listing.ts';
import { rejectForm } from '../../src/messages/reject-form.ts';
import { readSelectForm, selectForm } from '../../src/messages/select-form.ts';
import { clients, command, redistribution } from './fixtures.ts';

function complaints({ title, submit, callbackId, blocks, metadata }: Modal): readonly string[] {
  const text = (label: string) => ({ type: 'plain_text', text: label });
  const view = { type: 'modal', title: text(title), submit: text(submit ?? ''), close: text('Close') };
  return checkView({ ...view, callback_id: callbackId, blocks, private_metadata: metadata });
}

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => command({ id: `r-${index}`, job: `J-${index + 1}` }));

describe('B10: selecting', () => {
  test.each([1, 10, 11, 50, 51, 10_000])('%d commands fit into a form', (count) => {
    const view = redistribution({ commands: many(count) });
    expect(complaints(selectForm(view, 'failed', 'key'))).toEqual([]);
  });

  const jobs = ['nightly-geo', 'nightly-fonts', 'billing'];
  test.each([
    ['all', [1, 2, 3]],
    ['2-3', [2, 3]],
    ['1, 3', [1, 3]],
    ['nightly-*', [1, 2]],
    ['billing 1', [1, 3]],
    ['', []],
  ])('%j is read', (numbers, expected) => {
    const read = readSelectForm({ values: { numbers, breadth: 'whole' } }, jobs);
    expect('numbers' in read && [...read.numbers].toSorted((a, b) => a - b)).toEqual(expected);
    expect(read).toMatchObject({ breadth: 'whole' });
  });

  test.each(['0', '4', '2-9', '3-2', 'x*', '-1'])('%j names nothing', (numbers) => {
    expect(readSelectForm({ values: { numbers } }, jobs)).toMatchObject({
      faults: { numbers: expect.stringContaining('names none of the 3 commands') },
    });
  });

  test('boxes that are not ours are not taken', () => {
    const read = readSelectForm({ values: { 'boxes-0': ['1', '7', 'x'], 'boxes-10': [] } }, jobs);
    expect('numbers' in read && [...read.numbers]).toEqual([1]);
  });
});

describe('B11: editing', () => {
  test('a long command is spread over several inputs, and read back whole', () => {
    const argv = ['push', ...Array.from({ length: 40 }, () => clients).flat()];
    const form = editForm(command({ argv, originalArgv: argv }), 1, 'key');
    if (form === null) throw new Error('no form');
    expect(complaints(form)).toEqual([]);
    const inputs = form.blocks.flatMap((block) => (block.type === 'input' ? [block] : []));
    const values = Object.fromEntries(
      inputs.map(({ block_id: id, element }) => [
        id,
        'initial_value' in element ? (element.initial_value ?? null) : null,
      ]),
    );
    const read = readEditForm({ values });
    expect('argv' in read && read.argv).toEqual(argv);
    expect('argv' in read && [read.blockOf(0), read.blockOf(argv.length - 1), read.blockOf(null)]).toEqual([
      'arguments-0',
      inputs.at(-1)?.block_id,
      'arguments-0',
    ]);
  });

  test('an argument that no input holds is not offered', () => {
    expect(editForm(command({ argv: ['push', 'x'.repeat(3_000)] }), 1, 'key')).toBeNull();
  });
});

test('a form asks why a proposal is rejected', () => {
  expect(complaints(rejectForm({ id: 'r-7', server: '<!channel>' }))).toEqual([]);
});

test('B10: the file of all commands has each that would run, uncut, and the digest that an approval is bound to', () => {
  const argv = ['push', ...clients];
  const commands = [
    command({
      argv,
      quoted: argv.join(' '),
      quotedEnvironment: "A='<x>'",
      mayReachOthers: 'a group',
      changed: ['smaller\n2. fake'],
    }),
    command({ job: 'J-2', selected: false }),
    command({ job: 'J-3', refusal: 'no' }),
  ];
  const view = redistribution({ commands });
  const listing = renderListing(view);
  expect(listing).toContain(argv.join(' '));
  expect(listing).toContain(`Digest of what would run: ${view.digest}`);
  for (const line of [
    'IN DOUBT:   smaller ⏎ 2. fake',
    'IN DOUBT:   may reach others: a group',
    "with:       A='<x>'",
  ]) {
    expect(listing).toContain(line);
  }
  expect(listing).not.toMatch(/J-2|J-3/);
});
