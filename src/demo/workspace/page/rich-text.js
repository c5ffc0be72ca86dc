import { element } from './dom.js';
import { renderEmoji, renderLink } from './text.js';

/** The elements of a rich_text block: sections, lists, quotes and preformatted text. */
export function renderRichText(elements, names) {
  return elements.map((item) => {
    const inline = () => item.elements.map((one) => renderInline(one, names));
    switch (item.type) {
      case 'rich_text_section':
        return element('p', {}, inline());
      case 'rich_text_preformatted':
        return element('pre', {}, inline());
      case 'rich_text_quote':
        return element('blockquote', {}, inline());
      case 'rich_text_list':
        return element(
          item.style === 'ordered' ? 'ol' : 'ul',
          {},
          item.elements.map((entry) =>
            element(
              'li',
              {},
              entry.elements.map((one) => renderInline(one, names)),
            ),
          ),
        );
      default:
        return element('pre', { class: 'unknown' }, JSON.stringify(item, null, 2));
    }
  });
}

function renderInline(item, names) {
  switch (item.type) {
    case 'text':
      return styled(item.text, item.style);
    case 'link':
      return styled(renderLink(item.url, item.text ?? item.url), item.style);
    case 'user':
      return element('span', { class: 'mention' }, `@${names.user(item.user_id) ?? item.user_id}`);
    case 'channel':
      return element('span', { class: 'mention' }, `#${names.channel(item.channel_id) ?? item.channel_id}`);
    case 'emoji':
      return renderEmoji(item.name);
    case 'broadcast':
      return element('span', { class: 'mention loud' }, `@${item.range}`);
    default:
      return JSON.stringify(item);
  }
}

function styled(content, style = {}) {
  const tags = [
    ['code', style.code],
    ['s', style.strike],
    ['em', style.italic],
    ['strong', style.bold],
  ];
  return tags.reduce((inner, [tag, wanted]) => (wanted ? element(tag, {}, inner) : inner), content);
}
