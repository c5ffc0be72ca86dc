import { domainToASCII } from 'node:url';
import type { MailAddress } from '../../domain/mail.ts';

/** A line (RFC 5322 section 2.1.1) holds any address that can be mailed to. */
const longestAddress = 998;

/** Longest beginning of the header in which the first mailbox must end, in UTF-16 units; else there is none. */
const longestHeader = 16_384;

interface Token {
  readonly kind: 'atom' | 'quoted' | 'literal' | 'special';
  readonly text: string;
}

const special = /[<>@,;:]/;
const whiteSpace = /\s/;
const atom = /[^\s<>@,;:("[]+/y;
const dotAtom = /^[^\s"(),:;<>@[\]\\.]+(?:\.[^\s"(),:;<>@[\]\\.]+)*$/;

/**
 * The first mailbox of a From header (RFC 5322 section 3.4): comments, display names, groups, source routes and quoted
 * locals. Takes the header before its encoded words are decoded, so that none of them can pass for an address.
 * null where no mailbox can be read; nothing is guessed.
 */
export function readFirstMailbox(header: string): MailAddress | null {
  for (const tokens of splitMailboxes(header)) {
    const address = readMailbox(tokens);
    if (address !== 'empty') return address;
  }
  return null;
}

/** Commas and group marks separate; what stands before a group's colon is its name. Nothing is read ahead. */
function* splitMailboxes(header: string): Generator<Token[]> {
  let current: Token[] = [];
  let inAngle = false;
  for (const token of tokenize(header)) {
    const mark = token.kind === 'special' ? token.text : '';
    if (mark === '<') inAngle = true;
    if (mark === '>') inAngle = false;
    if (mark === ':' && !inAngle) current = [];
    else if ((mark === ',' || mark === ';') && !inAngle) {
      if (current.length > 0) yield current;
      current = [];
    } else current.push(token);
  }
  if (current.length > 0) yield current;
}

function readMailbox(tokens: readonly Token[]): MailAddress | null | 'empty' {
  if (tokens.length === 0) return 'empty';
  const open = tokens.findIndex((token) => isSpecial(token, '<'));
  if (open < 0) return readAddressSpec(tokens);
  const close = tokens.findIndex((token, index) => index > open && isSpecial(token, '>'));
  if (close !== tokens.length - 1) return null;
  const inside = tokens.slice(open + 1, close);
  const route = inside.findIndex((token) => isSpecial(token, ':'));
  return readAddressSpec(inside.slice(route + 1));
}

function readAddressSpec(tokens: readonly Token[]): MailAddress | null {
  const at = tokens.findLastIndex((token) => isSpecial(token, '@'));
  if (at < 0) return null;
  const local = joinParts(tokens.slice(0, at));
  const written = joinParts(tokens.slice(at + 1));
  const domain = written === null || written.length > longestAddress ? '' : readDomain(written);
  // RFC 2047 section 5: an encoded word is never part of an address.
  if (local === null || local === '' || local.startsWith('=?') || domain === '') return null;
  if (local.length + domain.length > longestAddress) return null;
  return { address: `${dotAtom.test(local) ? local : JSON.stringify(local)}@${domain}`, local, domain };
}

/** White space and comments may stand around the dots of a name, and nowhere else in it. */
function joinParts(tokens: readonly Token[]): string | null {
  if (tokens.length === 0 || tokens.some(({ kind }) => kind === 'special')) return null;
  const joined = tokens.every(
    ({ text }, index) =>
      index === 0 || text.startsWith('.') || tokens[index - 1]?.text.endsWith('.') === true,
  );
  return joined ? tokens.map(({ text }) => text).join('') : null;
}

/** A host name in lower case, international ones in their ASCII form; an address literal without brackets and tag. */
function readDomain(written: string): string {
  const domain = written.toLowerCase();
  const literal = /^\[(?:ipv6:)?([^\]]*)\]$/.exec(domain)?.[1];
  if (literal !== undefined) return literal.trim();
  // oxlint-disable-next-line no-control-regex -- what is not ASCII is what needs the conversion
  return /^[\x00-\x7f]*$/.test(domain) ? domain : domainToASCII(domain);
}

function isSpecial({ kind, text }: Token, mark: string): boolean {
  return kind === 'special' && text === mark;
}

/** What is left unread beyond the bound stands for itself as a mark that no address holds. */
const unread: Token = { kind: 'special', text: '' };

function* tokenize(header: string): Generator<Token> {
  let at = 0;
  while (at < header.length) {
    if (at > longestHeader) {
      yield unread;
      return;
    }
    const char = header.charAt(at);
    if (whiteSpace.test(char)) at += 1;
    else if (char === '(') at = skipComment(header, at);
    else {
      const [token, end] = readToken(header, at, char);
      yield token;
      at = end;
    }
  }
}

/** A token and the place after it. */
type Read = readonly [token: Token, end: number];

function readToken(header: string, at: number, char: string): Read {
  if (char === '"') return readDelimited(header, at, '"', 'quoted');
  if (char === '[') return readDelimited(header, at, ']', 'literal');
  if (special.test(char)) return [{ kind: 'special', text: char }, at + 1];
  return readAtom(header, at);
}

/** Comments nest; one that never ends takes the rest. */
function skipComment(header: string, from: number): number {
  let depth = 0;
  for (let at = from; at < header.length; at += 1) {
    const char = header.charAt(at);
    if (char === '\\') at += 1;
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return header.length;
}

function readDelimited(header: string, from: number, end: '"' | ']', kind: 'quoted' | 'literal'): Read {
  let text = '';
  let at = from + 1;
  for (; at < header.length && header.charAt(at) !== end; at += 1) {
    if (header.charAt(at) === '\\') at += 1;
    text += header.charAt(at);
  }
  return [{ kind, text: kind === 'literal' ? `[${text}]` : text }, at + 1];
}

/** A character that starts nothing stands for itself. */
function readAtom(header: string, from: number): Read {
  atom.lastIndex = from;
  const text = atom.exec(header)?.[0] ?? header.charAt(from);
  return [{ kind: 'atom', text }, from + text.length];
}
