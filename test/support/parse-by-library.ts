import { type Attachment, type ParsedMail, type SimpleParserOptions, simpleParser } from 'mailparser';
import { decodeText } from '../../src/adapters/mime/decode-text.js';

const parserOptions: SimpleParserOptions = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  keepCidLinks: true,
  checksumAlgo: false,
  maxHtmlLengthToParse: 1_000_000,
};

/**
 * The text of any message, by the library: the plain text of all inline parts, then that of the attachments that are plain
 * text; a message that has only HTML is converted. Lines end in `\n`.
 * @throws Error when the source has more parts than a mail can have.
 */
export async function parseByLibrary(source: Buffer): Promise<string> {
  return readText(await parse(source));
}

async function parse(source: Buffer): Promise<ParsedMail> {
  const parsed = await simpleParser(source, parserOptions);
  const onlyHtml = (parsed.text ?? '').trim() === '' && parsed.html !== false && parsed.html !== undefined;
  return onlyHtml ? await simpleParser(source, { ...parserOptions, skipHtmlToText: false }) : parsed;
}

/** Tools attach their error output: it says more about the failure than the mail's own words. */
function readText({ text = '', attachments }: ParsedMail): string {
  const attached = attachments.filter(({ contentType }) => contentType === 'text/plain').map(readAttachment);
  const parts = [text, ...attached].filter((part) => part.trim() !== '');
  return parts.join('\n').replace(/\r\n?/g, '\n');
}

function readAttachment({ content, headers }: Attachment): string {
  const type = headers.get('content-type');
  const charset = typeof type === 'object' && 'params' in type ? Object(type.params).charset : null;
  return decodeText(content, typeof charset === 'string' ? charset : 'utf-8');
}
