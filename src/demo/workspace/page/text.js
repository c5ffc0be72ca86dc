import { element } from './dom.js';
import { emoji, marks, shapes } from './emoji.js';
import { parseMrkdwn, parsePlain } from './mrkdwn.js';

/** A text object of Block Kit as nodes. `names` tells what people and channels are called, and the reader's time zone. */
export function renderText(text, names) {
  const nodes = text.type === 'mrkdwn' ? parseMrkdwn(text.text) : parsePlain(text.text);
  return renderNodes(nodes, names);
}

export function renderMrkdwn(source, names) {
  return renderNodes(parseMrkdwn(source), names);
}

/** Colours and marks are drawn, so that they look the same where no emoji font is installed. */
export function renderEmoji(name) {
  const disc = /^(?:large_)?(red|orange|yellow|green|blue|white|black)_circle$/.exec(name)?.[1];
  if (disc) return element('span', { class: `disc ${disc}`, role: 'img', 'aria-label': name });
  if (shapes.has(name)) return element('span', { class: `shape ${name}`, role: 'img', 'aria-label': name });
  if (Object.hasOwn(marks, name))
    return element('span', { class: `mark ${name}`, title: `:${name}:` }, marks[name]);
  return Object.hasOwn(emoji, name)
    ? element('span', { class: 'emoji', title: `:${name}:` }, emoji[name])
    : `:${name}:`;
}

export function renderLink(url, label) {
  const safe = /^(https?|mailto):/i.test(url);
  if (!safe) return element('span', {}, label);
  return element('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, label);
}

export function formatTime(ts, names) {
  const options = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: names.timeZone };
  return new Intl.DateTimeFormat('en-GB', options).format(Number(ts) * 1000);
}

export function formatDay(ts, names) {
  const options = { weekday: 'long', day: 'numeric', month: 'long', timeZone: names.timeZone };
  return new Intl.DateTimeFormat('en-GB', options).format(Number(ts) * 1000);
}

function renderNodes(nodes, names) {
  return nodes.map((node) => renderNode(node, names));
}

function renderNode(node, names) {
  switch (node.type) {
    case 'text':
      return node.text;
    case 'code':
      return element('code', {}, node.text);
    case 'pre':
      return element('pre', {}, node.text);
    case 'bold':
      return element('strong', {}, renderNodes(node.children, names));
    case 'italic':
      return element('em', {}, renderNodes(node.children, names));
    case 'strike':
      return element('s', {}, renderNodes(node.children, names));
    case 'quote':
      return element('blockquote', {}, renderNodes(node.children, names));
    case 'user':
      return element('span', { class: 'mention' }, `@${names.user(node.id) ?? node.label ?? node.id}`);
    case 'channel':
      return element('span', { class: 'mention' }, `#${names.channel(node.id) ?? node.label ?? node.id}`);
    case 'broadcast':
      return element('span', { class: 'mention loud' }, node.label ?? `@${node.name}`);
    case 'date':
      return renderDate(node, names);
    case 'emoji':
      return renderEmoji(node.name);
    default:
      return renderLink(node.url, node.label);
  }
}

/** `{date_short_pretty} at {time}` in the reader's own time zone; the label where that fails. */
function renderDate({ seconds, format, label }, names) {
  if (Number.isNaN(seconds)) return label ?? '';
  const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: names.timeZone });
  const day = date.format(seconds * 1000);
  const text = format
    .replaceAll(/\{date(?:_short|_long)?_pretty\}/g, dayWord(day, date) ?? day)
    .replaceAll(/\{date[a-z_]*\}/g, day)
    .replaceAll(/\{time(_secs)?\}/g, formatTime(seconds, names));
  return element('time', { title: label }, text);
}

function dayWord(day, format) {
  const now = Date.now();
  if (day === format.format(now)) return 'today';
  return day === format.format(now - 86_400_000) ? 'yesterday' : null;
}
