/** What the page knows of the workspace, and whose eyes it shows it through. */
export class Store {
  constructor() {
    this.me = '';
    this.channelId = '';
    this.threadTs = null;
    /** Names of the person and the channel to begin with. */
    this.wish = {};
    this.connections = 0;
    this.snapshot = { team: { name: '' }, botUserId: '', users: [], channels: [] };
    this.messagesByChannel = new Map();
    this.views = new Map();
    this.lastRead = new Map();
  }

  load(snapshot) {
    this.snapshot = snapshot;
    this.connections = snapshot.connections;
    this.messagesByChannel = new Map(snapshot.channels.map((channel) => [channel.id, new Map()]));
    for (const message of snapshot.messages) this.put(message);
    this.views = new Map(snapshot.views.map((view) => [view.id, view]));
    const { person, channel } = this.wish;
    const me = this.people().find((one) => one.name === person)?.id ?? this.me;
    const isWished = (one) =>
      channel === 'dm' ? one.dmWith === me : one.dmWith === null && one.name === channel;
    this.open(me, snapshot.channels.find(isWished)?.id ?? this.channelId);
    this.wish = {};
  }

  /** Looks through this person's eyes at this channel; at the nearest that is there, when it is not. */
  open(personId, channelId) {
    const wasDirect = this.channel()?.dmWith;
    this.me = this.people().some((one) => one.id === personId) ? personId : (this.people()[0]?.id ?? '');
    const open = this.visibleChannels();
    const nearest = open.find((one) => (wasDirect ? one.dmWith !== null : true));
    this.channelId = open.some((one) => one.id === channelId) ? channelId : (nearest?.id ?? '');
    this.threadTs = null;
  }

  put(message) {
    this.messagesByChannel.get(message.channel)?.set(message.ts, message);
  }

  remove(channel, ts) {
    this.messagesByChannel.get(channel)?.delete(ts);
  }

  people() {
    return this.snapshot.users.filter((user) => !user.isBot);
  }

  user(id) {
    return this.snapshot.users.find((user) => user.id === id) ?? { id, name: id, realName: id, isBot: false };
  }

  /** The channels that this person is in, and the direct message with the app. */
  visibleChannels() {
    return this.snapshot.channels.filter((channel) => channel.members.includes(this.me));
  }

  channel() {
    return this.snapshot.channels.find((channel) => channel.id === this.channelId) ?? null;
  }

  /** What this person may see of a channel, oldest first. */
  visibleMessages(channelId) {
    const all = [...(this.messagesByChannel.get(channelId)?.values() ?? [])];
    return all.filter((message) => this.sees(message));
  }

  sees(message) {
    return message.ephemeralFor === null || message.ephemeralFor === this.me;
  }

  topLevel(channelId) {
    return this.visibleMessages(channelId).filter((message) => message.threadTs === null);
  }

  replies(channelId, ts) {
    return this.visibleMessages(channelId).filter((message) => message.threadTs === ts);
  }

  unread(channelId) {
    const lastRead = this.lastRead.get(`${this.me} ${channelId}`) ?? '';
    const fromOthers = (message) => message.userId !== this.me && message.ts > lastRead;
    return this.visibleMessages(channelId).filter(fromOthers).length;
  }

  markRead(channelId) {
    const newest = this.visibleMessages(channelId).at(-1);
    if (newest) this.lastRead.set(`${this.me} ${channelId}`, newest.ts);
  }

  topModal() {
    return (
      [...this.views.values()].findLast((view) => view.type === 'modal' && view.userId === this.me) ?? null
    );
  }

  home() {
    return [...this.views.values()].find((view) => view.type === 'home' && view.userId === this.me) ?? null;
  }

  /** How people and channels are called, for texts. */
  names() {
    const { users, channels } = this.snapshot;
    return {
      user: (id) => users.find((one) => one.id === id)?.realName ?? null,
      channel: (id) => channels.find((one) => one.id === id)?.name ?? null,
      timeZone: this.user(this.me).tz ?? 'UTC',
      userOptions: this.people().map((person) => ({
        value: person.id,
        text: { type: 'plain_text', text: person.realName },
      })),
    };
  }
}
