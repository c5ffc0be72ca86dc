import { perform } from './api.js';
import { renderBlocks } from './blocks.js';
import { byId, element } from './dom.js';
import { readValues } from './interactive.js';

/** Shows the modal that is on top of this person's stack, and nothing when there is none. */
export function showTopModal(store) {
  const view = store.topModal();
  const shown = byId('dialogs').querySelector('dialog.modal');
  if (shown && shown.dataset.hash === view?.hash) return;
  shown?.remove();
  if (!view) return;
  const dialog = renderModal(view, store);
  byId('dialogs').append(dialog);
  dialog.showModal();
}

function renderModal(view, store) {
  const context = { names: store.names(), act: null };
  const close = () => perform('close-view', { userId: store.me, viewId: view.id });
  const form = element(
    'form',
    { onsubmit: (event) => submit(event, view, store) },
    renderBlocks(view.blocks, context),
    element(
      'div',
      { class: 'dialog-buttons' },
      element(
        'button',
        { type: 'button', class: 'button plain', 'data-testid': 'modal-close', onclick: close },
        view.close ?? 'Close',
      ),
      view.submit
        ? element(
            'button',
            { type: 'submit', class: 'button primary', 'data-testid': 'modal-submit' },
            view.submit,
          )
        : null,
    ),
  );
  const dialog = element(
    'dialog',
    { class: 'modal', 'data-testid': 'modal', 'data-hash': view.hash },
    element('h3', {}, view.title),
    form,
  );
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    void close();
  });
  return dialog;
}

async function submit(event, view, store) {
  event.preventDefault();
  const form = event.currentTarget;
  for (const old of form.querySelectorAll('.error')) old.remove();
  const values = readValues(form);
  const answer = await perform('submit-view', {
    userId: store.me,
    viewId: view.id,
    hash: view.hash,
    values,
  });
  for (const [blockId, text] of Object.entries(answer?.result?.errors ?? {})) {
    const block = form.querySelector(`[data-block-id="${CSS.escape(blockId)}"]`);
    block?.append(element('p', { class: 'error' }, text));
  }
}
