import { createTransport } from 'nodemailer';
import { ChatError, type ChatFailure } from '../../domain/chat.ts';
import type { Mailer } from '../../domain/mailer.ts';

const timeoutMs = 10_000;
/** A relay may answer each command just in time. */
const deadlineMs = 60_000;

/** Mail through an SMTP relay, by STARTTLS where the relay offers it. */
export function createRelayMailer({ host, port }: { readonly host: string; readonly port: number }): Mailer {
  const transport = createTransport({
    host,
    port,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ from, to, subject, text, messageId }, signal) {
      const ending = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
      try {
        await transport.sendMail({
          from,
          to: [...to],
          subject,
          text,
          messageId: `<${messageId}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal: ending,
        });
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        throw new ChatError(failureOf(error), `mail relay ${host}:${port}: ${detail}`, { cause: error });
      }
    },
  };
}

/** Before the text is under way nothing can have been sent; a reply of 5xx is for good, one of 4xx is not. */
function failureOf(error: unknown): ChatFailure {
  const { code, syscall, responseCode } = (error ?? {}) as {
    readonly code?: string;
    readonly syscall?: string;
    readonly responseCode?: number;
  };
  if (typeof responseCode === 'number') return responseCode >= 500 ? 'refused' : 'not-sent';
  return code === 'EDNS' || syscall === 'connect' ? 'not-sent' : 'unknown';
}
