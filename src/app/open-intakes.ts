import { readFileSync } from 'node:fs';
import { createHttpIntake } from '../adapters/http/http-intake.ts';
import { createImapIntake } from '../adapters/imap/imap-intake.ts';
import { createSmtpIntake } from '../adapters/smtp/smtp-intake.ts';
import type { Config, HttpListener, Secrets, SmtpListener } from '../config/config.ts';
import type { Door, Intake } from '../domain/intake.ts';
import type { RawMail } from '../domain/mail.ts';
import type { Deps } from '../workflows/deps.ts';
import { watchDoor } from '../workflows/health/watch-door.ts';
import { admit } from '../workflows/intake/admit.ts';
import { beginBodyCheck, receiveJson } from '../workflows/intake/receive-json.ts';
import type { Health } from './open-health.ts';

/** Everything that brings mail and alerts in, not started yet. */
export function openIntakes(config: Config, secrets: Secrets, deps: Deps, health: Health): readonly Intake[] {
  const { log, clock, progress } = deps;
  const door: Door = {
    async admit(...batch) {
      await admit(deps, ...batch);
    },
    cursorOf: (mailbox) => deps.store.transaction((tx) => tx.cursorOf(mailbox)),
  };
  const mailboxes = config.intake.imap.map(({ tlsCaFile, ...mailbox }) =>
    createImapIntake({
      ...mailbox,
      ...(tlsCaFile ? { tlsCa: readFileSync(tlsCaFile, 'utf8') } : {}),
      password: () => secrets.imapPasswords.get(mailbox.name)?.reveal() ?? '',
      door: watchDoor(door, `imap:${mailbox.name}`, progress),
      log,
      clock,
    }),
  );
  const { smtp, http } = config.intake;
  return [
    ...mailboxes,
    ...(smtp ? [openSmtp(smtp, deps, watchDoor(door, 'smtp', progress))] : []),
    ...(http ? [openHttp(http, secrets, deps, health)] : []),
  ];
}

function openSmtp(listener: SmtpListener, { log, clock }: Deps, door: Door): Intake {
  return createSmtpIntake({ ...listener, maxBytes: listener.maxSizeBytes, door, log, clock });
}

function openHttp(
  listener: HttpListener,
  secrets: Secrets,
  deps: Deps,
  { metrics, readiness }: Health,
): Intake {
  const { log, progress } = deps;
  const admitAlerts = (mails: readonly RawMail[]) => progress.track('http', () => admit(deps, mails, null));
  return createHttpIntake({
    ...listener,
    maxBytes: listener.maxSizeBytes,
    tokens: listener.sources.map(({ name, format }) => ({
      source: name,
      token: () => secrets.httpTokens.get(name)?.reveal() ?? '',
      busyStatus: format === 'alertmanager' ? 503 : 429,
    })),
    beginCheck: beginBodyCheck,
    receive: (source, body, key) => receiveJson(deps, admitAlerts, source, body, key),
    readiness,
    metrics: () => metrics.render(),
    log,
  });
}

/** The port of a listener; `null` if the config has none. */
export function portOf(intakes: readonly Intake[], name: 'smtp' | 'http'): number | null {
  const listener = intakes.find((intake) => intake.name === name);
  return listener && 'port' in listener && typeof listener.port === 'number' ? listener.port : null;
}
