/**
 * Slack's mrkdwn as a tree: `{ type, text }` for text, code and pre, `{ type, children }` for bold, italic, strike and
 * quote, and link, user, channel, broadcast, date, emoji with what they name.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export function parseMrkdwn(source) {
  return source.split(/```\n?([^]*?)\n?```\n?/).flatMap((part, index) => {
    if (index % 2 === 1) return [{ type: 'pre', text: unescapeEntities(part) }];
    return part === '' ? [] : parseQuotes(part);
  });
}

/** Plain text: emoji, and no formatting. */
export function parsePlain(source) {
  return source.split(/(:[a-z0-9_+-]+:)/).flatMap((part, index) => {
    if (part === '') return [];
    return index % 2 === 1
      ? [{ type: 'emoji', name: part.slice(1, -1) }]
      : [{ type: 'text', text: unescapeEntities(part) }];
  });
}

function unescapeEntities(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function parseQuotes(source) {
  const runs = [];
  for (const line of source.split('\n')) {
    const quoted = /^(?:&gt;|>) ?/.exec(line);
    const text = quoted ? line.slice(quoted[0].length) : line;
    const last = runs.at(-1);
    if (last && last.quoted === Boolean(quoted)) last.lines.push(text);
    else runs.push({ quoted: Boolean(quoted), lines: [text] });
  }
  return runs.flatMap(({ quoted, lines }) => {
    const children = parseInline(lines.join('\n'));
    return quoted ? [{ type: 'quote', children }] : children;
  });
}

const inline = new RegExp(
  [
    '`(?<code>[^`\\n]+)`',
    '<(?<angle>[^<>\\n]+)>',
    '(?<![\\w*])\\*(?<bold>[^*\\s](?:[^*\\n]*[^*\\s])?)\\*(?![\\w*])',
    '(?<![\\w_])_(?<italic>[^_\\s](?:[^_\\n]*[^_\\s])?)_(?![\\w_])',
    '(?<![\\w~])~(?<strike>[^~\\s](?:[^~\\n]*[^~\\s])?)~(?![\\w~])',
    ':(?<emoji>[a-z][a-z0-9_+-]*):',
  ].join('|'),
);

function parseInline(source) {
  const match = inline.exec(source);
  if (!match) return source === '' ? [] : [{ type: 'text', text: unescapeEntities(source) }];
  const before = source.slice(0, match.index);
  const after = source.slice(match.index + match[0].length);
  const head = before === '' ? [] : [{ type: 'text', text: unescapeEntities(before) }];
  return [...head, toNode(match.groups), ...parseInline(after)];
}

function toNode({ code, angle, bold, italic, strike, emoji }) {
  if (code !== undefined) return { type: 'code', text: unescapeEntities(code) };
  if (angle !== undefined) return parseAngle(angle);
  if (bold !== undefined) return { type: 'bold', children: parseInline(bold) };
  if (italic !== undefined) return { type: 'italic', children: parseInline(italic) };
  if (strike !== undefined) return { type: 'strike', children: parseInline(strike) };
  return { type: 'emoji', name: emoji };
}

/** What stands between angle brackets: a person, a channel, a date, a call to everybody, or a link. */
function parseAngle(content) {
  const bar = content.indexOf('|');
  const target = bar === -1 ? content : content.slice(0, bar);
  const label = bar === -1 ? null : unescapeEntities(content.slice(bar + 1));
  if (target.startsWith('@')) return { type: 'user', id: target.slice(1), label };
  if (target.startsWith('#')) return { type: 'channel', id: target.slice(1), label };
  if (target.startsWith('!date^')) {
    const [, seconds, format] = target.split('^');
    return { type: 'date', seconds: Number(seconds), format: unescapeEntities(format ?? ''), label };
  }
  if (target.startsWith('!')) return { type: 'broadcast', name: target.slice(1).split('^')[0], label };
  const url = unescapeEntities(target);
  return { type: 'link', url, label: label ?? url.replace(/^mailto:/, '') };
}
