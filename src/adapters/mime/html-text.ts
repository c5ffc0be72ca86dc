import { decodeHTML } from 'entities';

/** Elements that stand in lines of their own, with an empty line around some of them. */
const lineBreaks: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    [
      'address',
      'article',
      'aside',
      'body',
      'dd',
      'div',
      'dl',
      'dt',
      'fieldset',
      'figure',
      'footer',
      'form',
    ].map((name) => [name, 1]),
  ),
  ...Object.fromEntries(['header', 'hr', 'li', 'main', 'nav', 'section', 'tr'].map((name) => [name, 1])),
  ...Object.fromEntries(
    ['blockquote', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ol', 'p', 'pre', 'table', 'ul'].map((name) => [
      name,
      2,
    ]),
  ),
};
/** Elements whose content is no text. */
const unread = new Set(['head', 'script', 'style', 'template', 'title']);
const markup = /<(?=[A-Za-z!?/])/g;
const tagName = /[A-Za-z][^\s/>]{0,30}/y;

/**
 * Converts HTML to text, in one pass over the source: no tree is built, so that neither depth nor the number of elements
 * costs more than its length. Lines break where blocks do; cells of a row are separated by a blank.
 */
export function htmlToText(html: string): string {
  const text = new TextBuilder();
  let lowerCase: string | null = null;
  for (let at = 0; at < html.length; ) {
    const open = findMarkup(html, at);
    if (open !== at) text.add(html.slice(at, open < 0 ? undefined : open));
    if (open < 0) break;
    if (html.startsWith('<!--', open)) {
      const end = html.indexOf('-->', open + 4);
      at = end < 0 ? html.length : end + 3;
      continue;
    }
    const isClosing = html.charAt(open + 1) === '/';
    tagName.lastIndex = open + (isClosing ? 2 : 1);
    const name = tagName.exec(html)?.[0].toLowerCase();
    at = endOfTag(html, open + 1 + (name?.length ?? 0));
    if (name === undefined) continue;
    text.tag(name, isClosing);
    if (unread.has(name) && !isClosing) {
      lowerCase ??= html.toLowerCase();
      const end = lowerCase.indexOf(`</${name}`, at);
      at = end < 0 ? html.length : end;
    }
  }
  return text.finish();
}

/** Where a tag, a comment or a declaration begins; -1 if there is none. */
function findMarkup(html: string, from: number): number {
  markup.lastIndex = from;
  return markup.exec(html)?.index ?? -1;
}

/** After the `>` that is not quoted. */
function endOfTag(html: string, from: number): number {
  for (let at = from; at < html.length; at += 1) {
    const char = html.charAt(at);
    if (char === '>') return at + 1;
    const isQuote = (char === '"' || char === "'") && /=\s?$/.test(html.slice(at - 2, at));
    if (isQuote) {
      const end = html.indexOf(char, at + 1);
      if (end < 0) return html.length;
      at = end;
    }
  }
  return html.length;
}

class TextBuilder {
  readonly #pieces: string[] = [];
  /** Line ends to be written before the next text. */
  #breaks = 0;
  #needsBlank = false;
  #isAtLineStart = true;
  #preDepth = 0;

  add(source: string): void {
    const text = source.includes('&') ? decodeHTML(source) : source;
    if (this.#preDepth > 0) return this.#write(text);
    const words = text.replace(/[ \t\r\n\f]+/g, ' ');
    const isBlank = words === ' ';
    if (words.startsWith(' ')) this.#needsBlank = true;
    if (!isBlank && words !== '') this.#write(words.trim() === '' ? words : trimSpaces(words));
    if (!isBlank && words.endsWith(' ')) this.#needsBlank = true;
  }

  tag(name: string, isClosing: boolean): void {
    if (name === 'br') {
      if (this.#breaks > 0 || this.#pieces.length === 0) this.#breaks = Math.min(this.#breaks + 1, 3);
      else this.#breaks = 1;
      return;
    }
    if (name === 'td' || name === 'th') this.#needsBlank = true;
    const breaks = lineBreaks[name] ?? 0;
    this.#breaks = Math.max(this.#breaks, breaks);
    if (name === 'pre') this.#preDepth = Math.max(0, this.#preDepth + (isClosing ? -1 : 1));
    if (name === 'li' && !isClosing) this.#write(' * ');
  }

  finish(): string {
    return this.#pieces.join('').replace(/^\n+/, '');
  }

  #write(text: string): void {
    if (this.#breaks > 0) {
      this.#pieces.push('\n'.repeat(this.#breaks));
      this.#isAtLineStart = true;
    }
    if (this.#needsBlank && !this.#isAtLineStart) this.#pieces.push(' ');
    this.#pieces.push(text);
    this.#breaks = 0;
    this.#needsBlank = false;
    this.#isAtLineStart = text.endsWith(' * ');
  }
}

/** No-break spaces stay. */
function trimSpaces(text: string): string {
  return text.slice(text.startsWith(' ') ? 1 : 0, text.endsWith(' ') ? -1 : undefined);
}
