import { createTransport } from 'nodemailer';
import type { ProbeMailer } from '../../domain/heartbeat.ts';
import { probeHeader } from '../../domain/heartbeat.ts';

const timeoutMs = 20_000;

/** Sends probe mails by SMTP through the site's own relay, with TLS where it offers it. */
export function createProbeMailer(): ProbeMailer {
  return {
    async send({ relay, from, to }, token) {
      const transport = createTransport({
        ...relay,
        // The relay may be the site's own, with a certificate that nobody signed; the mail says nothing secret.
        tls: { rejectUnauthorized: false },
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
      });
      try {
        await transport.sendMail({
          from,
          to,
          subject: 'Restage probe: this mail watches its own way',
          text: 'Restage sends this mail to its own mailbox to see that alerts would arrive. No reply is needed.\n',
          headers: { [probeHeader]: token, 'Auto-Submitted': 'auto-generated' },
        });
      } finally {
        transport.close();
      }
    },
  };
}
