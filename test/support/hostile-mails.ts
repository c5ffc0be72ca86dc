/** Mails made to cost much, each of about the size that is asked for, by what they do. */
export const hostileMails: Readonly<Record<string, (bytes: number) => string>> = {
  'an embedded message that is all headers': () =>
    mail('Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n', null),
  'an embedded message that its multipart ends': () => mail(multipart, `--b\r\n${embedded}\r\n--b--\r\n`),
  'an embedded message that ends within its headers': () =>
    mail('Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n', 'Subject: inner\r\nFrom: a'),
  'embedded messages within each other': (bytes) =>
    mail(embedded, `${embedded}\r\n`.repeat(Math.min(19, bytes / 70))),
  'a multipart without boundary': (bytes) => mail('Content-Type: multipart/mixed\r\n', fill('--\r\n', bytes)),
  'a multipart that is never closed': (bytes) =>
    mail(multipart, `--b\r\n\r\n${fill('Device: int-38\r\n', bytes)}`),
  'a multipart that ends within a part\u2019s headers': () =>
    mail(multipart, '--b\r\nContent-Type: text/plain'),
  'a thousand parts': (bytes) => mail(multipart, fill(`--b\r\n\r\n${fill('x', bytes / 900)}\r\n`, bytes)),
  'lines that look like delimiters': (bytes) => mail(multipart, `--b\r\n\r\n${fill('--c\r\n', bytes)}`),
  'an attachment in base64 that is none': (bytes) =>
    mail(`${attachment}Content-Transfer-Encoding: base64\r\n`, fill('=?! \r\n', bytes)),
  'a body of base64': (bytes) => mail('Content-Transfer-Encoding: base64\r\n', fill('QUJDREVG\r\n', bytes)),
  'quoted-printable of equals signs': (bytes) => mail(quotedPrintable, fill('=', bytes)),
  'quoted-printable that breaks each line softly': (bytes) => mail(quotedPrintable, fill('a =  \r\n', bytes)),
  'blanks without end': (bytes) => mail('', fill(' \t', bytes)),
  'lines of blanks': (bytes) => mail('', fill(`${' '.repeat(990)}\r\n`, bytes)),
  'carriage returns': (bytes) => mail('', fill('\r', bytes)),
  'flowed text in one paragraph': (bytes) =>
    mail('Content-Type: text/plain; format=flowed; delsp=yes\r\n', fill('a \r\n', bytes)),
  'flowed text of quotes': (bytes) => mail('Content-Type: text/plain; format=flowed\r\n', fill('>', bytes)),
  'a charset that does not exist': (bytes) =>
    mail('Content-Type: text/plain; charset=no-such-set\r\n', fill('\xe4\r\n', bytes)),
  'a stateful charset': (bytes) =>
    mail('Content-Type: text/plain; charset=iso-2022-jp\r\n', fill('\x1b$B0!\x1b(B\r\n', bytes)),
  'UTF-7': (bytes) => mail('Content-Type: text/plain; charset=utf-7\r\n', fill('+ADw-', bytes)),
  'UTF-16': (bytes) => mail('Content-Type: text/plain; charset=utf-16le\r\n', fill('a\0', bytes)),
  'uuencoded text': (bytes) => mail('', `begin 644 a\r\n${fill(`M${'#'.repeat(60)}\r\n`, bytes)}`),
  TNEF: (bytes) => mail('Content-Type: application/ms-tnef\r\n', fill('\x78\x9f\x3e\x22', bytes)),
  'HTML nested deeply': (bytes) => mail(html, fill('<b>', bytes)),
  'HTML lists in lists': (bytes) => mail(html, fill('<ul><li>', bytes)),
  'HTML quotes in quotes': (bytes) => mail(html, fill('<blockquote>a', bytes)),
  'HTML tables in tables': (bytes) => mail(html, fill('<table><tr><td>a', bytes)),
  'HTML comments that do not end': (bytes) => mail(html, fill('<!--', bytes)),
  'HTML tags that do not end': (bytes) => mail(html, fill('<a b="', bytes)),
  'HTML scripts that do not end': (bytes) => mail(html, fill('<script>', bytes)),
  'HTML of entities': (bytes) => mail(html, fill('&amp;&#x41;&nosuch;', bytes)),
  'HTML of angle brackets': (bytes) => mail(html, fill('< <', bytes)),
  'HTML of line breaks': (bytes) => mail(html, fill('<br>', bytes)),
  'HTML of quotes behind equals signs': (bytes) => mail(html, `<a ${fill(`=" ='`, bytes)}`),
  'a report of a delivery': (bytes) =>
    mail(
      'Content-Type: multipart/mixed; boundary=b\r\n',
      `--b\r\nContent-Type: message/delivery-status\r\n\r\n${fill('a: b\r\n', bytes)}`,
    ),
};

/** The same for header blocks. */
export const hostileHeaders: Readonly<Record<string, (bytes: number) => string>> = {
  'encoded words': (bytes) => head(`X-A: ${fill('=?utf-8?b?QUJD?=\r\n ', bytes)}`),
  'encoded words in many charsets': (bytes) =>
    head(`X-A: ${fill('=?gbk?q?a?= =?big5?q?=ff?= =?x?q?a?=\r\n ', bytes)}`),
  'encoded words that do not end': (bytes) => head(`X-A: ${fill('=?a?b?', bytes)}`),
  'blanks between encoded words': (bytes) => head(`X-A: =?a?b?QQ==?=${fill(' ', bytes)}x`),
  'a sender of commas': (bytes) => `From: ${fill(',', bytes)}\r\n\r\nx`,
  'a sender of open comments': (bytes) => `From: ${fill('(', bytes)}\r\n\r\nx`,
  'a sender of quotes': (bytes) => `From: ${fill('"', bytes)}\r\n\r\nx`,
  'a sender of open brackets': (bytes) => `From: ${fill('[', bytes)}\r\n\r\nx`,
  'a sender of groups': (bytes) => `From: ${fill('a:;', bytes)}\r\n\r\nx`,
  'a sender of angle brackets': (bytes) => `From: ${fill('<', bytes)}a@example.net\r\n\r\nx`,
  'a sender with a long domain': (bytes) => `From: a@${fill('\xe4.', bytes)}net\r\n\r\nx`,
  'fields without a name': (bytes) => head(fill(':\r\n', bytes)),
  'many fields': (bytes) => head(fill('a:\r\n', bytes)),
  'one field of many lines': (bytes) => head(`X-A: ${fill('\r\n ', bytes)}`),
  'names without a colon': (bytes) => head(fill('a', bytes)),
  'lines of blanks': (bytes) => head(`X-A${fill('\r\n ', bytes)}`),
  parameters: (bytes) => head(`Content-Type: text/plain${fill('; a=b', bytes)}`),
  'continued parameters': (bytes) => head(`Content-Type: text/plain${fill(`; a*0*=utf-8''%41`, bytes)}`),
  'comments in a type': (bytes) => head(`Content-Type: text/plain ${fill('(', bytes)}`),
  'list tags': (bytes) => head(`List-Id: ${fill('a-', bytes)}\r\nSubject: ${fill('[', bytes)}`),
  'tags before a reply mark': (bytes) => head(`Subject: ${fill('[a] ', bytes)}`),
  'blanks in a subject': (bytes) => head(`Subject: a${fill(' ', bytes)}a`),
  'a message-ID of brackets': (bytes) => head(`Message-ID: ${fill('<', bytes)}`),
};

const embedded = 'Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n';
const multipart = 'Content-Type: multipart/mixed; boundary=b\r\n';
const attachment = 'Content-Type: text/plain\r\nContent-Disposition: attachment\r\n';
const quotedPrintable = 'Content-Transfer-Encoding: quoted-printable\r\n';
const html = 'Content-Type: text/html\r\n';

/** `body`: `null` if not even the empty line before it comes. */
function mail(headers: string, body: string | null): string {
  const all = `From: restage@int-38.example.net\r\nSubject: [restage] FAILED\r\n${headers}`;
  return body === null ? all : `${all}\r\n${body}`;
}

function head(headers: string): string {
  return `From: restage@int-38.example.net\r\n${headers}\r\n\r\nDevice: int-38\r\n`;
}

function fill(text: string, bytes: number): string {
  return text.repeat(Math.max(1, Math.floor(bytes / text.length)));
}
