import { confirmFirst } from './dialogs.js';
import { element } from './dom.js';
import { renderText } from './text.js';

/** A button, or something that holds a value until a button is used. */
export function renderInteractive(item, context) {
  if (item.type === 'button') return renderButton(item, context);
  const render = Object.hasOwn(inputs, item.type) ? inputs[item.type] : renderTextInput;
  const made = render(item, context);
  made.dataset.actionId = item.action_id;
  if (context.act) {
    made.addEventListener('change', () => context.act(item, readValue(made)));
  }
  return made;
}

/** What the inputs under a node hold: block id → action id → a value, or a list of values. */
export function readValues(root) {
  const values = {};
  for (const input of root.querySelectorAll('[data-block-id] [data-action-id]:not(button)')) {
    const blockId = input.closest('[data-block-id]').dataset.blockId;
    values[blockId] = { ...values[blockId], [input.dataset.actionId]: readValue(input) };
  }
  return values;
}

function readValue(input) {
  if (input.matches('fieldset')) {
    const checked = [...input.querySelectorAll('input:checked')].map((box) => box.value);
    return input.dataset.multiple === undefined ? (checked[0] ?? '') : checked;
  }
  if (input.matches('select[multiple]')) return [...input.selectedOptions].map((option) => option.value);
  return input.value;
}

function renderButton(item, context) {
  const button = element(
    'button',
    {
      type: 'button',
      class: `button ${item.style ?? 'plain'}`,
      'data-action-id': item.action_id,
      'data-value': item.value,
      'aria-label': item.accessibility_label,
    },
    renderText(item.text, context.names),
  );
  button.addEventListener('click', async () => {
    if (item.confirm && !(await confirmFirst(item.confirm, context.names))) return;
    if (item.url) window.open(item.url, '_blank', 'noopener');
    button.disabled = true;
    button.classList.add('busy');
    await context.act?.(item, item.value ?? null);
    button.disabled = false;
    button.classList.remove('busy');
  });
  return button;
}

const inputs = {
  static_select: (item, context) => renderSelect(item, context, false),
  multi_static_select: (item, context) => renderSelect(item, context, true),
  overflow: (item, context) => renderSelect(item, context, false),
  users_select: (item, context) =>
    renderSelect({ ...item, options: context.names.userOptions }, context, false),
  radio_buttons: (item, context) => renderChoices(item, context, 'radio'),
  checkboxes: (item, context) => renderChoices(item, context, 'checkbox'),
  datepicker: (item) => element('input', { type: 'date', value: item.initial_date }),
  timepicker: (item) => element('input', { type: 'time', value: item.initial_time }),
  number_input: (item) => element('input', { type: 'number', value: item.initial_value }),
};

function renderTextInput(item) {
  const placeholder = item.placeholder?.text ?? null;
  if (item.multiline)
    return element(
      'textarea',
      { rows: rowsFor(item.initial_value ?? ''), placeholder },
      item.initial_value ?? '',
    );
  return element('input', { type: 'text', placeholder, value: item.initial_value });
}

/** As many lines as it has, so that it opens whole. */
function rowsFor(text) {
  return Math.min(24, Math.max(4, text.split('\n').length + 1));
}

function initialValues(item) {
  const options = [item.initial_option, ...(item.initial_options ?? [])];
  return new Set(options.map((option) => option?.value));
}

function renderSelect(item, context, multiple) {
  const initial = initialValues(item);
  const empty = multiple ? null : element('option', { value: '' }, item.placeholder?.text ?? '—');
  return element(
    'select',
    { multiple },
    empty,
    (item.options ?? []).map((option) =>
      element(
        'option',
        { value: option.value, selected: initial.has(option.value) },
        renderText({ ...option.text, type: 'plain_text' }, context.names).map(
          (node) => node.textContent ?? node,
        ),
      ),
    ),
  );
}

function renderChoices(item, context, type) {
  const initial = initialValues(item);
  const group = crypto.randomUUID();
  return element(
    'fieldset',
    { class: 'choices', 'data-multiple': type === 'checkbox' },
    item.options.map((option) =>
      element(
        'label',
        {},
        element('input', { type, name: group, value: option.value, checked: initial.has(option.value) }),
        element('span', {}, renderText(option.text, context.names)),
        option.description ? element('small', {}, renderText(option.description, context.names)) : null,
      ),
    ),
  );
}
