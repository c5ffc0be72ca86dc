/** A mail about a ticket, in plain text. */
export interface TicketMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** The same for each try, so that a mail that went out twice is shown once. */
  readonly messageId: string;
}

/** Sends mail through the site's relay, each call once. Failures are `ChatError`s, told apart as those of Slack. */
export interface Mailer {
  /** Ends at a deadline, and when `signal` aborts: then the mail may have been sent. */
  send(mail: TicketMail, signal: AbortSignal): Promise<void>;
}
