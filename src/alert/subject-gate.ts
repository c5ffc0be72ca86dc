import { type GateResult, passed, stopped } from '../domain/gate.ts';
import type { MailHead } from '../domain/mail.ts';
import type { ValidationPolicy } from '../domain/policy.ts';
import { cleanText } from './clean-text.ts';

const replyPrefixes =
  're|aw|antw|antwort|sv|svar|vs|rif|res|ré|rép|odp|ynt|vá|απ|отв|ответ|回复|回覆|答复|答覆|返信|답장|השב|رد';
const forwardPrefixes =
  'fw|fwd|wg|tr|rv|enc|vl|vb|pd|doorst|ilt|i̇lt|yml|πρθ|továbbítás|пересл|转发|轉寄|轉發|転送|전달|הועבר|إعادة توجيه';

const replySubject = subjectStartingWith(replyPrefixes);
const forwardSubject = subjectStartingWith(forwardPrefixes);
/** `[sender: subject]` as mutt forwards, or `subject (fwd)` as pine does. */
const wrappedForward = /^\[[^\][\s]+@[^\][\s]+: .*\]$|\(fwd?\)$/iu;
const autoReplySubject =
  /^(?:automatic reply|auto-?reply|auto-?response|out of (?:the )?office|away from my mail|vacation|abwesenheit|automatische antwort|réponse automatique|respuesta automática|risposta automatica|resposta automática|自动回复|自動応答)/iu;

/** What mail servers call the report that they could not deliver. */
const bounceSubject =
  /^(?:undeliver(?:ed|able) mail|undeliverable:|mail delivery (?:failed|failure)|delivery status notification|returned mail:|failure notice$|warning: could not send message|unzustellbar:|non remis ?:)/iu;

/** A prefix also counts after list tags (`[alerts] Re: …`), with a counter (`Re[2]:`) and with a full-width colon. */
function subjectStartingWith(prefixes: string): RegExp {
  return new RegExp(
    `^(?:\\s*\\[[^\\]]*\\])*\\s*(${prefixes})\\s*(?:\\[\\d+\\]|\\(\\d+\\)|\\^\\d+)?\\s*[:：]`,
    'iu',
  );
}

interface Finding {
  readonly reason: string;
  readonly by: string;
}

/**
 * Drops what is no alert but talk about one (A4): replies, forwards, resent copies, automatic replies, bounces, and what a
 * mailing list says about itself. An alert that came over a list is one: it bears the original's Message-ID.
 */
export function checkSubject(mail: MailHead, policy: ValidationPolicy): GateResult {
  const subject = cleanText(mail.subject.normalize('NFC')) ?? '';
  const finding =
    findInHeaders(mail) ?? findInSubject(subject) ?? findSiteWord(subject, policy.rejectSubjectWords);
  return finding === null
    ? passed('subject', 'no-reply-or-forward', { subject })
    : stopped('subject', finding.reason, { subject, by: finding.by });
}

function findInHeaders(mail: MailHead): Finding | null {
  return findBounce(mail) ?? findAutoReply(mail) ?? findListMail(mail) ?? findReplyHeaders(mail);
}

type HeaderSigns = readonly (readonly [name: string, value: RegExp])[];

const bounceHeaders: HeaderSigns = [
  ['return-path', /^\s*<\s*>/],
  ['content-type', /^\s*multipart\/report\b/i],
  ['x-failed-recipients', /^/],
];
const autoReplyHeaders: HeaderSigns = [
  ['auto-submitted', /^\s*auto-replied\b/i],
  ['precedence', /^\s*auto[_-]reply/i],
  ['x-autoreply', /^/],
  ['x-autorespond', /^/],
  ['x-autoresponse', /^/],
  ['x-auto-reply-from', /^/],
  ['x-vacation', /^/],
];
const listHeaders: HeaderSigns = [
  ['content-type', /^\s*multipart\/digest\b/i],
  ['x-list-administrivia', /^\s*yes\b/i],
];
const generatedHeaders: HeaderSigns = [['auto-submitted', /^\s*auto-generated\b/i]];
const replyHeaders: HeaderSigns = [
  ['in-reply-to', /\S/],
  ['references', /\S/],
];

/** RFC 3464 reports, and the null return path of RFC 5321 section 4.5.5. */
function findBounce(mail: MailHead): Finding | null {
  const { from } = mail;
  if (from !== null && from.local.toLowerCase() === 'mailer-daemon') return { reason: 'bounce', by: 'from' };
  const header = firstHeader(mail, bounceHeaders);
  return header === null ? null : { reason: 'bounce', by: header };
}

/** RFC 3834; `auto-generated` is what alerts themselves say, and no reason to drop them. */
function findAutoReply(mail: MailHead): Finding | null {
  const header = firstHeader(mail, autoReplyHeaders);
  return header === null ? null : { reason: 'auto-reply', by: header };
}

/** Digests, and what a list's software writes itself. */
function findListMail(mail: MailHead): Finding | null {
  const header = firstHeader(mail, listHeaders);
  return header === null ? null : { reason: 'list-mail', by: header };
}

function findReplyHeaders(mail: MailHead): Finding | null {
  const resent = [...mail.headers.keys()].find((name) => name.startsWith('resent-'));
  if (resent !== undefined) return { reason: 'resent', by: resent };
  if (mail.headers.has('x-forwarded-message-id')) return { reason: 'forward', by: 'x-forwarded-message-id' };
  // Monitoring tools thread their own alerts with these headers; people's mail programs don't say auto-generated.
  if (firstHeader(mail, generatedHeaders) !== null) return null;
  const header = firstHeader(mail, replyHeaders);
  return header === null ? null : { reason: 'reply', by: header };
}

function findInSubject(subject: string): Finding | null {
  const reply = replySubject.exec(subject);
  if (reply !== null) return { reason: 'reply', by: `${reply[1]}:` };
  const forward = forwardSubject.exec(subject) ?? wrappedForward.exec(subject);
  if (forward !== null)
    return { reason: 'forward', by: forward[1] === undefined ? 'subject' : `${forward[1]}:` };
  if (bounceSubject.test(subject)) return { reason: 'bounce', by: 'subject' };
  return autoReplySubject.test(subject) ? { reason: 'auto-reply', by: 'subject' } : null;
}

/** Site words match whole words, whatever the case and the punctuation around them. */
function findSiteWord(subject: string, words: readonly string[]): Finding | null {
  if (words.length === 0) return null;
  const text = wordsOf(subject);
  const word = words.find((each) => wordsOf(each).trim() !== '' && text.includes(wordsOf(each)));
  return word === undefined ? null : { reason: 'site-word', by: word };
}

function wordsOf(text: string): string {
  return ` ${text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
}

/** The first header of the list with a value that matches. */
function firstHeader(mail: MailHead, wanted: HeaderSigns): string | null {
  const found = wanted.find(([name, value]) => mail.headers.get(name)?.some((each) => value.test(each)));
  return found?.[0] ?? null;
}
