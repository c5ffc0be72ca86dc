import { hash } from 'node:crypto';
import type { Headers } from './read-headers.ts';

/** RFC 5322 section 2.1.1. */
const longestLine = 998;

/** What makes two messages the same one. */
export interface MailKeys {
  readonly key: string;
  readonly formerKey: string | null;
}

/**
 * Returns the identity of a message: its Message-ID, its subject and its text. Relays add headers, encode bodies anew and
 * trim lines; none of that makes another mail of it. Tools that give each of their mails the same Message-ID are told
 * apart by what these say.
 *
 * A mailing list puts its tag before the subject of its copy: a tag that names the list in List-Id is left out, so that
 * the copy is the same mail as the original. Any other tag counts, as `[int-38]` and `[int-58]` do; a list whose tag has
 * nothing to do with its List-Id makes a second mail. A list that gives its copy a Message-ID of its own keeps the
 * original's in a header, and the footer that it appends is no word of the sender.
 */
export function readKeys(headers: Headers, text: string, source: Uint8Array): MailKeys {
  const isCopy = headers.has('list-id');
  const written = (isCopy ? originalId(headers) : undefined) ?? headers.get('message-id')?.[0] ?? '';
  const id = (/<([^<>]*)>/.exec(written)?.[1] ?? written).trim();
  const isUsable = id !== '' && id.length <= longestLine;
  if (!isUsable) return { key: digestOf(source), formerKey: null };
  const own = isCopy ? text.replace(listFooter, '') : text;
  const formerKey = digestOf(`${JSON.stringify(id)}${trimLines(own).trim()}`);
  // Of a digest: a long text is digested once.
  return { key: digestOf(JSON.stringify([formerKey, subjectWithoutTag(headers)])), formerKey };
}

/** What Mailman appends below a line of 47 underscores, and other lists below a shorter one. */
const listFooter = /\n_{20,}[ \t]*\n(?:.*\n?){1,10}$/;

/** Mailman, Sympa and Exchange keep the id that the sender gave, each in a header of its own. */
const originalIdHeaders = ['x-original-message-id', 'x-mailman-original-message-id', 'original-message-id'];

function originalId(headers: Headers): string | undefined {
  return originalIdHeaders.map((name) => headers.get(name)?.[0]).find((id) => id !== undefined);
}

function subjectWithoutTag(headers: Headers): string {
  const subject = (headers.get('subject')?.[0] ?? '').replace(/\s+/g, ' ').trim();
  const list = headers.get('list-id')?.[0];
  const match = list === undefined ? null : /^\[([^\]]{1,100})\] ?/.exec(subject);
  if (!match || !namesList(match[1] ?? '', list ?? '')) return subject;
  return subject.slice(match[0].length);
}

/** `Alerts` names `Alerts of the site <alerts.lists.example.net>`, and so do `alerts` and `Alerts of the site`. */
function namesList(tag: string, listId: string): boolean {
  const [, phrase = '', id = ''] = /^([^<]*)<?([^>]*)/.exec(listId) ?? [];
  const name = lettersOf(tag);
  const names = [phrase, ...phrase.split(/\s+/), id, id.split('.', 1)[0] ?? ''];
  return name !== '' && names.some((each) => lettersOf(each) === name);
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

/** Nearly no line ends with blanks: each end is looked at first. */
function trimLines(text: string): string {
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) {
    const last = text.charAt(end - 1);
    if (last === ' ' || last === '\t') return text.replace(/(?<![ \t])[ \t]+(?=\n)/g, '');
  }
  return text;
}

/** `sha256:HEX`; of a message's bytes it is its identity if it has no usable Message-ID. */
export function digestOf(content: Uint8Array | string): string {
  return `sha256:${hash('sha256', content)}`;
}
