import { follow } from './api.js';
import { wireComposer } from './composer.js';
import { ConversationView } from './conversation.js';
import { byId } from './dom.js';
import { showTopModal } from './modals.js';
import { renderConnection, renderSidebar } from './sidebar.js';
import { Store } from './store.js';

const store = new Store();
const view = new ConversationView(store);

const go = {
  toChannel(id) {
    store.open(store.me, id);
    showAll();
  },
  toPerson(id) {
    store.open(id, store.channelId);
    showAll();
  },
};

wireComposer(byId('composer'), store, () => null);
wireComposer(byId('thread-composer'), store, () => store.threadTs);
readAddress();
follow(
  (snapshot) => {
    store.load(snapshot);
    showAll();
  },
  applyChange,
  () => {
    store.connections = 0;
    renderConnection(store);
  },
);

function showAll() {
  writeAddress();
  store.markRead(store.channelId);
  renderSidebar(store, go);
  view.showChannel();
  showTopModal(store);
}

function applyChange(change) {
  switch (change.kind) {
    case 'message':
      store.put(change.message);
      view.showMessage(change.message);
      countUnread();
      break;
    case 'message-deleted':
      store.remove(change.channel, change.ts);
      view.removeMessage(change.ts);
      countUnread();
      break;
    case 'view':
      store.views.set(change.view.id, change.view);
      showViews();
      break;
    case 'view-closed':
      store.views.delete(change.viewId);
      showViews();
      break;
    default:
      store.connections = change.count;
      renderConnection(store);
  }
}

function showViews() {
  showTopModal(store);
  view.showHome();
}

let counting = false;

/** Once a frame at most: a storm brings hundreds of messages at a time. */
function countUnread() {
  if (counting) return;
  counting = true;
  requestAnimationFrame(() => {
    counting = false;
    store.markRead(store.channelId);
    renderSidebar(store, go);
  });
}

/** `#ana/dist-north` in the address says who one is and what is open, so that a reload keeps it. */
function readAddress() {
  const [person, channel] = decodeURIComponent(location.hash.slice(1)).split('/');
  store.wish = { person, channel };
}

function writeAddress() {
  const channel = store.channel();
  const name = channel?.dmWith === null ? channel.name : 'dm';
  history.replaceState(null, '', `#${store.user(store.me).name}/${name}`);
}
