import { byId, element } from './dom.js';
import { renderText } from './text.js';

/** Asks what a button's `confirm` says; resolves with true when the person agrees. */
export function confirmFirst({ title, text, confirm, deny, style }, names) {
  return new Promise((resolve) => {
    const dialog = element(
      'dialog',
      { class: 'confirm', 'data-testid': 'confirm' },
      element('h3', {}, renderText(title, names)),
      element('p', {}, renderText(text, names)),
      element(
        'div',
        { class: 'dialog-buttons' },
        element(
          'button',
          {
            type: 'button',
            class: 'button plain',
            'data-testid': 'confirm-no',
            onclick: () => dialog.close('no'),
          },
          renderText(deny, names),
        ),
        element(
          'button',
          {
            type: 'button',
            class: `button ${style ?? 'primary'}`,
            'data-testid': 'confirm-yes',
            onclick: () => dialog.close('yes'),
          },
          renderText(confirm, names),
        ),
      ),
    );
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    byId('dialogs').append(dialog);
    dialog.showModal();
  });
}

/** A line that goes away by itself. */
export function showNotice(text) {
  const notice = element('p', { 'data-testid': 'notice' }, text);
  byId('notices').append(notice);
  setTimeout(() => notice.remove(), 6000);
}
