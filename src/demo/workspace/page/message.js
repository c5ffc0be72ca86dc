import { perform } from './api.js';
import { renderBlocks } from './blocks.js';
import { element } from './dom.js';
import { readValues } from './interactive.js';
import { formatTime, renderEmoji, renderMrkdwn } from './text.js';

/** One message. `openThread` is null where a thread can't be opened: in the thread itself. */
export function renderMessage(message, store, openThread) {
  const author = store.user(message.userId);
  const names = store.names();
  const own = element('article', {
    class: message.ephemeralFor === null ? 'message' : 'message ephemeral',
    'data-testid': `message-${message.ts}`,
    'data-ts': message.ts,
  });
  const context = { names, act: (item, value) => click(own, message, store, item, value) };
  own.append(
    renderAvatar(author),
    element(
      'div',
      { class: 'body' },
      message.ephemeralFor === null
        ? null
        : element('p', { class: 'only-you', 'data-testid': 'only-you' }, 'Only visible to you'),
      renderByline(message, author, names),
      renderContent(message, context),
      message.files.map(renderFile),
      message.reactions.length > 0 ? renderReactions(message.reactions) : null,
      openThread ? renderThreadLink(message, store, openThread) : null,
    ),
  );
  return own;
}

export function renderAvatar(user) {
  const initials = user.realName
    .split(/\s+/)
    .map((word) => word[0] ?? '')
    .slice(0, 2)
    .join('');
  const shade = [...user.id].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 6;
  const kind = user.isBot ? 'bot' : `shade-${shade}`;
  return element(
    'span',
    { class: `avatar ${kind}`, 'aria-hidden': 'true' },
    user.isBot ? user.realName[0] : initials,
  );
}

function renderByline(message, author, names) {
  return element(
    'p',
    { class: 'byline' },
    element('strong', {}, author.realName),
    author.isBot ? element('span', { class: 'app-badge' }, 'APP') : null,
    element('time', {}, formatTime(message.ts, names)),
    message.edits > 0
      ? element(
          'span',
          { class: 'edited', 'data-testid': 'edited', title: `${message.edits} edits` },
          '(edited)',
        )
      : null,
  );
}

function renderContent(message, context) {
  if (message.blocks.length > 0)
    return element('div', { class: 'blocks' }, renderBlocks(message.blocks, context));
  return message.text === ''
    ? null
    : element('p', { class: 'text' }, renderMrkdwn(message.text, context.names));
}

function renderFile(file) {
  const size = file.size < 1024 ? `${file.size} bytes` : `${Math.round(file.size / 1024)} KB`;
  return element(
    'a',
    { class: 'file', href: `/files/${file.id}`, download: file.name },
    file.name.endsWith('.png')
      ? element('img', { src: `/files/${file.id}`, alt: file.altText || file.title })
      : null,
    element('strong', {}, file.title),
    element('span', {}, `${file.name} · ${size}`),
  );
}

function renderReactions(reactions) {
  return element('p', { class: 'reactions' }, reactions.map(renderReaction));
}

function renderReaction({ name, users }) {
  return element('span', {}, renderEmoji(name), ` ${users.length}`);
}

function renderThreadLink(message, store, openThread) {
  const replies = store.replies(message.channel, message.ts);
  const last = replies.at(-1);
  const count = replies.length === 1 ? '1 reply' : `${replies.length} replies`;
  return element(
    'button',
    {
      type: 'button',
      class: last ? 'thread-link' : 'thread-link none',
      'data-testid': 'thread-open',
      onclick: () => openThread(message.ts),
    },
    last ? element('strong', {}, count) : 'Reply in thread',
    last ? element('span', {}, ` last at ${formatTime(last.ts, store.names())}`) : null,
  );
}

function click(own, message, store, item, value) {
  return perform('click', {
    userId: store.me,
    channel: message.channel,
    ts: message.ts,
    actionId: item.action_id,
    value,
    values: readValues(own),
  });
}
