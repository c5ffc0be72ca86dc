import { byId, element } from './dom.js';
import { renderAvatar } from './message.js';

/** Team, people, channels and direct messages. `go` has `toChannel(id)` and `toPerson(id)`. */
export function renderSidebar(store, go) {
  byId('team-name').textContent = store.snapshot.team.name;
  renderConnection(store);
  byId('people').replaceChildren(...store.people().map((person) => renderPerson(person, store, go)));
  const channels = store.visibleChannels();
  const items = (direct) =>
    channels
      .filter((channel) => (channel.dmWith !== null) === direct)
      .map((one) => renderChannel(one, store, go));
  byId('channels').replaceChildren(...items(false));
  byId('direct-messages').replaceChildren(...items(true));
}

export function renderConnection(store) {
  const connected = store.connections > 0;
  byId('connection').className = connected ? 'connection on' : 'connection';
  byId('connection').textContent = connected ? 'Restage is connected' : 'Restage is not connected';
}

function renderPerson(person, store, go) {
  return element(
    'button',
    {
      type: 'button',
      'data-testid': `user-${person.name}`,
      'aria-pressed': String(person.id === store.me),
      title: `${person.realName}, ${person.tz}`,
      onclick: () => go.toPerson(person.id),
    },
    renderAvatar(person),
    person.realName.split(' ')[0],
  );
}

function renderChannel(channel, store, go) {
  const current = channel.id === store.channelId;
  const unread = current ? 0 : store.unread(channel.id);
  const bot = store.user(store.snapshot.botUserId);
  const direct = channel.dmWith !== null;
  return element(
    'li',
    {},
    element(
      'button',
      {
        type: 'button',
        class: unread > 0 ? 'unread' : null,
        'data-testid': direct ? 'channel-dm' : `channel-${channel.name}`,
        'aria-current': current ? 'page' : null,
        onclick: () => go.toChannel(channel.id),
      },
      direct ? renderAvatar(bot) : element('span', { class: 'hash', 'aria-hidden': 'true' }, '#'),
      element('span', { class: 'name' }, direct ? bot.realName : channel.name),
      unread > 0 ? element('span', { class: 'badge', 'data-testid': 'unread' }, String(unread)) : null,
    ),
  );
}
