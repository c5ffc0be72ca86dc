import { perform } from './api.js';
import { showNotice } from './dialogs.js';

/** Enter sends, Shift+Enter makes a new line. A text with a slash first is a command, but not in a thread. */
export function wireComposer(form, store, threadTs) {
  const input = form.querySelector('textarea');
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  input.addEventListener('input', () => {
    input.rows = Math.min(8, input.value.split('\n').length);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text === '') return;
    input.value = '';
    input.rows = 1;
    void send(store, text, threadTs());
  });
}

function send(store, text, threadTs) {
  const where = { userId: store.me, channel: store.channelId };
  if (!text.startsWith('/')) return perform('message', { ...where, text: escapeText(text), threadTs });
  if (threadTs === null) return perform('command', { ...where, text });
  return showNotice('Commands do not work in threads. Send it in the channel.');
}

/** What a person types is text, not markup. */
function escapeText(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
