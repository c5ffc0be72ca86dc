import { showNotice } from './dialogs.js';

/** Does something in the workspace as this person; null, and a notice on the page, when it fails. */
export async function perform(action, body) {
  try {
    const response = await fetch(`/ui/${action}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    if (answer.ok) return answer;
    showNotice(answer.error);
  } catch {
    showNotice('The workspace does not answer. Is the demo still running?');
  }
  return null;
}

/** Calls `onSnapshot` with the whole workspace at every (re)connection, and `onChange` with each change after that. */
export function follow(onSnapshot, onChange, onLost) {
  const events = new EventSource('/ui/events');
  events.addEventListener('snapshot', (event) => onSnapshot(JSON.parse(event.data)));
  events.addEventListener('change', (event) => onChange(JSON.parse(event.data)));
  events.addEventListener('error', () => onLost());
}
