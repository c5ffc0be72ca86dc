import { element } from './dom.js';
import { renderInteractive } from './interactive.js';
import { renderRichText } from './rich-text.js';
import { renderText } from './text.js';

/**
 * Blocks as nodes. `context` has `names` (see text.js) and `act(element, value)`, called when a person uses a button or
 * makes a choice; null where elements only hold values, as in a modal.
 */
export function renderBlocks(blocks, context) {
  return blocks.map((block) => {
    const render = Object.hasOwn(renderers, block.type) ? renderers[block.type] : renderUnknown;
    return element(
      'div',
      { class: `block block-${block.type}`, 'data-block-id': block.block_id },
      render(block, context),
    );
  });
}

const renderers = {
  header: ({ text }, { names }) => element('h3', {}, renderText(text, names)),
  divider: () => element('hr'),
  section: renderSection,
  context: ({ elements }, { names }) =>
    elements.map((item) =>
      item.type === 'image' ? renderImage(item) : element('span', {}, renderText(item, names)),
    ),
  actions: ({ elements }, context) => elements.map((item) => renderInteractive(item, context)),
  input: renderInput,
  image: (block, { names }) => [
    block.title ? element('p', { class: 'image-title' }, renderText(block.title, names)) : null,
    renderImage(block),
  ],
  table: renderTable,
  rich_text: ({ elements }, { names }) => renderRichText(elements, names),
  markdown: ({ text }) => element('p', {}, text),
};

function renderSection({ text, fields, accessory }, context) {
  const parts = [
    text ? element('p', {}, renderText(text, context.names)) : null,
    fields
      ? element(
          'div',
          { class: 'fields' },
          fields.map((field) => element('p', {}, renderText(field, context.names))),
        )
      : null,
  ];
  if (!accessory) return parts;
  const side = accessory.type === 'image' ? renderImage(accessory) : renderInteractive(accessory, context);
  return element('div', { class: 'with-accessory' }, element('div', {}, parts), side);
}

function renderInput({ label, element: input, hint, optional }, context) {
  return element(
    'label',
    {},
    element('span', { class: 'label' }, renderText(label, context.names)),
    optional ? element('span', { class: 'optional' }, ' (optional)') : null,
    renderInteractive(input, { ...context, act: null }),
    hint ? element('span', { class: 'hint' }, renderText(hint, context.names)) : null,
  );
}

function renderImage({ image_url: url, slack_file: file, alt_text: alt }) {
  return element('img', { src: file ? (file.url ?? `/files/${file.id}`) : url, alt, loading: 'lazy' });
}

function renderTable({ rows, column_settings: settings = [] }, { names }) {
  const [head = [], ...body] = rows;
  const cells = (tag, row) =>
    row.map((cell, column) =>
      element(tag, { class: `align-${settings[column]?.align ?? 'left'}` }, renderCell(cell, names)),
    );
  return element(
    'div',
    { class: 'table-frame' },
    element(
      'table',
      {},
      element('thead', {}, element('tr', {}, cells('th', head))),
      element(
        'tbody',
        {},
        body.map((row) => element('tr', {}, cells('td', row))),
      ),
    ),
  );
}

function renderCell(cell, names) {
  if (cell.type === 'rich_text') return renderRichText(cell.elements, names);
  return String(cell.text ?? cell.value ?? '');
}

/** A kind of block that this page does not draw is shown as it is: nothing is dropped in silence. */
function renderUnknown(block) {
  return element('pre', { class: 'unknown' }, JSON.stringify(block, null, 2));
}
