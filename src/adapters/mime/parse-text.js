// @ts-check
// JavaScript, as only a thread imports it: what a mail does to the library, it does not do to the event loop.
import { MailParser } from 'mailparser';
import { decodeText } from './decode-text.js';

/**
 * @import { AttachmentStream, MailParserOptions, MessageText } from 'mailparser'
 * @import { BodyText, ParsingBounds } from './body-text.ts'
 */

/** @type {MailParserOptions} */
const parserOptions = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  checksumAlgo: false,
  maxHtmlLengthToParse: 1_000_000,
};

/** A bound on structure that a mail exceeds. */
export class BoundExceeded extends Error {
  /**
   * @param {string} reason A stable word in kebab-case.
   * @param {string} message
   */
  constructor(reason, message) {
    super(message);
    this.reason = reason;
  }
}

/**
 * Returns the text of any message, by the library: the plain text of all inline parts, then that of the attachments that are
 * plain text; a message that has only HTML is converted. Lines end in `\n`.
 *
 * The promise may never settle, as the library's streams may not: whoever awaits it needs a deadline.
 * @param {Buffer} source
 * @param {ParsingBounds} bounds
 * @returns {Promise<BodyText>}
 * @throws BoundExceeded
 */
export async function parseText(source, bounds) {
  const parsed = await parse(source, bounds, parserOptions);
  const { html } = parsed.shown;
  const onlyHtml = (parsed.shown.text ?? '').trim() === '' && html !== undefined;
  if (!onlyHtml) return joinTexts(parsed, bounds);
  return joinTexts(await parse(source, bounds, { ...parserOptions, skipHtmlToText: false }), bounds);
}

/**
 * @typedef Parsed
 * @property {Partial<MessageText>} shown
 * @property {readonly string[]} attached
 */

/**
 * @param {Parsed} parsed
 * @param {ParsingBounds} bounds
 * @returns {BodyText}
 */
function joinTexts({ shown, attached }, { textLength }) {
  const texts = [shown.text || '', ...attached].filter((text) => text.trim() !== '');
  const text = texts.join('\n').replace(/\r\n?/g, '\n');
  // HTML that the library does not convert is too long, or nested too deep.
  const isCut = text.length > textLength || shown.textConversionError !== undefined;
  return { text: text.slice(0, textLength), isCut };
}

/**
 * @param {Buffer} source
 * @param {ParsingBounds} bounds
 * @param {MailParserOptions} options
 * @returns {Promise<Parsed>}
 */
function parse(source, bounds, options) {
  return new Promise((resolve, reject) => {
    const parser = new BoundedParser(options, bounds);
    /** @type {string[]} */
    const attached = [];
    /** @type {Partial<MessageText>} */
    let shown = {};
    parser.on('error', (error) => reject(nameBound(error)));
    parser.on('data', (data) => {
      if (data.type === 'text') shown = data;
      else readAttachment(data, bounds, attached);
    });
    parser.on('end', () => resolve({ shown, attached }));
    parser.end(source);
  });
}

/**
 * Tools attach their error output: it says more about the failure than the mail's own words.
 * @param {AttachmentStream} attachment
 * @param {ParsingBounds} bounds
 * @param {string[]} attached
 */
function readAttachment({ content, contentType, headers, release }, { textLength }, attached) {
  /** @type {Buffer[]} */
  const chunks = [];
  let length = 0;
  content.on('data', (/** @type {Buffer} */ chunk) => {
    // No charset takes more bytes for a character.
    if (contentType !== 'text/plain' || length > 4 * textLength) return;
    chunks.push(chunk);
    length += chunk.length;
  });
  content.once('end', () => {
    if (contentType === 'text/plain') attached.push(decodeText(Buffer.concat(chunks), charsetOf(headers)));
    release?.();
  });
}

/**
 * @param {AttachmentStream['headers']} headers
 * @returns {string}
 */
function charsetOf(headers) {
  const type = headers.get('content-type');
  const charset = typeof type === 'object' && 'params' in type ? Object(type.params).charset : null;
  return typeof charset === 'string' ? charset : 'utf-8';
}

/**
 * @typedef MimeNode A part of a message, as the library's splitter finds it.
 * @property {MimeNode | false} parentNode
 * @property {string | false} multipart Its kind, such as `mixed`.
 * @property {boolean} [messageNode] It is a message that is shown as part of this one.
 * @property {{ getFirst(name: string): string, remove(name: string): void }} headers
 */

/**
 * The library, with bounds, and without two of its faults (mailparser 3.14.2): an embedded message without a body keeps it
 * waiting for ever, and an embedded Date that is none becomes the time of parsing, so that a mail's text never comes again.
 */
class BoundedParser extends MailParser {
  #nesting;

  /**
   * @param {MailParserOptions} options
   * @param {ParsingBounds} bounds
   */
  constructor(options, { nesting, headerBytes, parts }) {
    super(Object.assign({ maxHeadSize: headerBytes, maxChildNodes: parts }, options));
    this.#nesting = nesting;
  }

  /**
   * Called for each part that the library finds.
   * @param {MimeNode} part
   */
  createNode(part) {
    if (nestingOf(part) > this.#nesting)
      this.emit(
        'error',
        new BoundExceeded('nested-too-deep', `it is nested deeper than ${this.#nesting} levels`),
      );
    if (part.parentNode && Number.isNaN(Date.parse(part.headers.getFirst('date'))))
      part.headers.remove('date');
    // @ts-expect-error -- the library does not declare it
    const node = super.createNode(part);
    if (part.messageNode) node.decoder?.resume();
    return node;
  }
}

/**
 * Returns how many multiparts and embedded messages there are around what a part holds.
 * @param {MimeNode} part
 * @returns {number}
 */
function nestingOf(part) {
  let depth = part.multipart || part.messageNode ? 1 : 0;
  for (let around = part.parentNode; around; around = around.parentNode) depth += 1;
  return depth;
}

/**
 * The library names no more than which limit it is.
 * @param {Error} error
 * @returns {Error}
 */
function nameBound(error) {
  if (!('code' in error) || error.code !== 'EMAXLEN') return error;
  const reason = /header/.test(error.message) ? 'header-too-long' : 'too-many-parts';
  return new BoundExceeded(reason, error.message);
}
