import type { Mail } from '../../src/domain/mail.ts';

export interface MailParts {
  readonly from?: string;
  readonly subject?: string;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly date?: Date;
}

/** A mail whose MIME structure has been read: by default an alert of the plain format from int-38. */
export function mailOf({
  from = 'root@int-38.eu.example.net',
  subject = 'Alert',
  text = 'Device: int-38\nFailure: package',
  headers = {},
  date,
}: MailParts = {}): Mail {
  const at = from.lastIndexOf('@');
  return {
    key: 'one@example.net',
    formerKey: null,
    from: { address: from, local: from.slice(0, at), domain: from.slice(at + 1) },
    subject,
    date: date ?? null,
    headers: new Map(Object.entries({ from, subject, ...headers }).map(([name, value]) => [name, [value]])),
    text,
    partial: null,
  };
}
