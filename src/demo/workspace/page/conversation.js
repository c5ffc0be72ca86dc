import { renderBlocks } from './blocks.js';
import { byId, element } from './dom.js';
import { renderMessage } from './message.js';
import { formatDay } from './text.js';

/** Older ones are left out of the page; the workspace has them. */
const shownMessages = 200;

/** The open channel and the open thread. */
export class ConversationView {
  constructor(store) {
    this.store = store;
    this.list = byId('messages');
    this.thread = byId('thread');
    this.threadList = byId('thread-messages');
    this.open = (ts) => this.openThread(ts);
    this.thread.querySelector('.close').addEventListener('click', () => this.openThread(null));
  }

  showChannel() {
    const { store, list } = this;
    const channel = store.channel();
    const direct = channel?.dmWith !== null;
    const bot = store.user(store.snapshot.botUserId);
    byId('channel-name').textContent = direct ? bot.realName : `# ${channel.name}`;
    byId('channel-note').textContent = direct
      ? 'Direct message with the app'
      : `${channel.members.length} members`;
    byId('composer').querySelector('textarea').placeholder =
      `Message ${direct ? bot.realName : `#${channel.name}`}, or / for a command`;
    list.replaceChildren();
    for (const message of store.topLevel(store.channelId).slice(-shownMessages)) this.append(message);
    if (list.childElementCount === 0) list.append(element('p', { class: 'empty' }, 'Nothing here yet.'));
    this.showHome();
    list.scrollTop = list.scrollHeight;
    this.showThread();
  }

  /** A new message, or an old one that has changed. */
  showMessage(message) {
    const { store } = this;
    if (message.channel !== store.channelId || !store.sees(message)) return;
    const follows = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 120;
    if (message.threadTs === null) this.place(message);
    else this.refreshParent(message.threadTs);
    if (store.threadTs === (message.threadTs ?? message.ts)) this.showThread();
    if (follows) this.list.scrollTop = this.list.scrollHeight;
  }

  removeMessage(ts) {
    for (const shown of document.querySelectorAll(`[data-ts="${CSS.escape(ts)}"]`)) shown.remove();
  }

  /** The person's Home tab, above the direct message with the app. */
  showHome() {
    this.list.querySelector('.home')?.remove();
    const view = this.store.channel()?.dmWith === null ? null : this.store.home();
    if (!view) return;
    const context = { names: this.store.names(), act: null };
    this.list.prepend(
      element('section', { class: 'home', 'data-testid': 'home' }, renderBlocks(view.blocks, context)),
    );
  }

  openThread(ts) {
    this.store.threadTs = ts;
    this.showThread();
    if (ts !== null) byId('thread-composer').querySelector('textarea').focus();
  }

  showThread() {
    const { store, threadList } = this;
    const root = store.topLevel(store.channelId).find((message) => message.ts === store.threadTs);
    this.thread.hidden = root === undefined;
    if (!root) {
      threadList.replaceChildren();
      return;
    }
    const first = renderMessage(root, store, null);
    first.dataset.testid = `thread-root-${root.ts}`;
    const replies = store.replies(store.channelId, root.ts);
    const count = replies.length === 1 ? '1 reply' : `${replies.length} replies`;
    const rest = replies.map((message) => renderMessage(message, store, null));
    threadList.replaceChildren(first, element('p', { class: 'day' }, element('span', {}, count)), ...rest);
    threadList.scrollTop = threadList.scrollHeight;
  }

  place(message) {
    const shown = this.find(message.ts);
    if (shown) shown.replaceWith(renderMessage(message, this.store, this.open));
    else this.append(message);
  }

  append(message) {
    const { list, store } = this;
    list.querySelector('.empty')?.remove();
    const day = formatDay(message.ts, store.names());
    if (list.dataset.day !== day || !list.querySelector('.day')) {
      list.append(element('p', { class: 'day' }, element('span', {}, day)));
    }
    list.dataset.day = day;
    list.append(renderMessage(message, store, this.open));
  }

  refreshParent(ts) {
    const parent = this.store.topLevel(this.store.channelId).find((message) => message.ts === ts);
    const shown = this.find(ts);
    if (parent && shown) shown.replaceWith(renderMessage(parent, this.store, this.open));
  }

  find(ts) {
    return this.list.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
  }
}
