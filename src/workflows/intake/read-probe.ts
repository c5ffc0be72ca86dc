import type { Reading } from '../../domain/alert.ts';
import { stopped } from '../../domain/gate.ts';
import { probeHeader } from '../../domain/heartbeat.ts';
import type { MailHead } from '../../domain/mail.ts';

/** The bot's own probe mail is known before anything is asked about its sender; null for any other mail. */
export function readProbe(mail: MailHead): Reading | null {
  const token = tokenOf(mail);
  if (token === null) return null;
  const gates = [stopped('mime', 'probe', { token })];
  return { state: 'ignored', format: null, alerts: [], recoveries: [], gates };
}

/** The token that a probe mail bears; null for any other mail. */
export function tokenOf(mail: MailHead | null): string | null {
  const token = mail?.headers.get(probeHeader)?.[0] ?? '';
  return /^[A-Za-z0-9-]{8,64}$/.test(token) ? token : null;
}
