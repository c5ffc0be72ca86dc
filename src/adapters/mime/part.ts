import { readStructured } from './parameters.ts';
import type { Headers } from './read-headers.ts';

/** What the headers of a part, or of the whole message, say about its body. */
export interface PartHeader {
  /** In lower case, such as `text/plain`. */
  readonly type: string;
  readonly boundary: string | null;
  readonly charset: string;
  readonly encoding: 'base64' | 'quoted-printable' | 'identity';
  readonly disposition: 'inline' | 'attachment';
  /** RFC 3676; `null` if lines are as they were written. */
  readonly flowed: { readonly deletesSpace: boolean } | null;
  /** RFC 2046 section 5.2.1: an unencoded message that is shown as part of this one. */
  readonly isEmbeddedMessage: boolean;
}

/** Types of text that is shown with the message. */
const shown = new Set(['text/plain', 'text/html', 'message/delivery-status']);
/** What tools attach as plain text, by the ends of file names. */
const plainTextName = /\.(?:txt|text|log|conf|def|list|in)$/i;
/** RFC 2046 section 5.1.1 allows 70. */
const longestBoundary = 998;

export function readPartHeader(headers: Headers): PartHeader {
  const first = (name: string) => headers.get(name)?.[0] ?? '';
  const disposition = readStructured(first('content-disposition'));
  const { value, parameters } = readStructured(first('content-type'));
  const name = disposition.parameters.get('filename') ?? parameters.get('name') ?? '';
  const type = typeOf(value, disposition.value, name);
  const isMultipart = type.startsWith('multipart/');
  const encoding = readStructured(first('content-transfer-encoding')).value;
  const isUnencoded = /^(?:7bit|8bit|binary|)$/.test(encoding);
  const isFlowed = type === 'text/plain' && parameters.get('format')?.toLowerCase() === 'flowed';
  return {
    type,
    boundary: isMultipart ? readBoundary(parameters.get('boundary')) : null,
    charset: parameters.get('charset') ?? '',
    encoding: encoding === 'base64' || encoding === 'quoted-printable' ? encoding : 'identity',
    disposition: isInline(type, disposition.value) ? 'inline' : 'attachment',
    flowed: isFlowed ? { deletesSpace: parameters.get('delsp')?.toLowerCase() === 'yes' } : null,
    isEmbeddedMessage: type === 'message/rfc822' && disposition.value === 'inline' && isUnencoded,
  };
}

function typeOf(written: string, disposition: string, fileName: string): string {
  const isPlainText = plainTextName.test(fileName);
  if (written === 'application/octet-stream' && isPlainText) return 'text/plain';
  if (written !== '') return written;
  return (fileName !== '' || disposition === 'attachment') && !isPlainText
    ? 'application/octet-stream'
    : 'text/plain';
}

function isInline(type: string, disposition: string): boolean {
  return shown.has(type) && (disposition === '' || disposition === 'inline');
}

/** It is ASCII and does not end with blanks. */
function readBoundary(written: string | undefined): string | null {
  const boundary = written?.trimEnd() ?? '';
  const isUsable = /^[ -~]+$/.test(boundary) && boundary.length <= longestBoundary;
  return isUsable ? boundary : null;
}
