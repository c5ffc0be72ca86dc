import { createJsonBounds } from '../../alert/json/json-bounds.ts';
import { type JsonItem, splitJson } from '../../alert/json/split-json.ts';
import { httpVia } from '../../domain/http-source.ts';
import type { MailFate, RawMail } from '../../domain/mail.ts';
import type { Deps } from '../deps.ts';

/** What became of a request; see the HTTP intake. */
type Received = { readonly alerts: readonly MailFate[] } | { readonly fault: string };

type ReceivingDeps = Pick<Deps, 'clock' | 'digestOf' | 'log' | 'newId' | 'policies'>;

/** Commits the alerts together, and returns what became of each. */
type AdmitAlerts = (mails: readonly RawMail[]) => Promise<readonly MailFate[]>;

/** Alerts committed together; only Alertmanager sends more, and what it sends again counts once. */
const committedAtOnce = 1_000;

/** Begins a look at a request's body while it arrives; see `JsonBounds.add`. */
export function beginBodyCheck(): (piece: Uint8Array) => string | null {
  const bounds = createJsonBounds();
  return (piece) => bounds.add(piece);
}

/**
 * Takes a request of a source (A1) apart into single alerts and admits them, all or none (of Alertmanager's
 * largest groups a thousand after the other). Returns what became of each, in their order.
 *
 * An alert that comes again is the same one, and changes nothing: for Alertmanager by fingerprint, start and status,
 * however often it notifies of the group; else by its words, where the request bears an Idempotency-Key, or the alert
 * says its time or its id. Without any of these two equal alerts are two failures, and both count.
 */
export async function receiveJson(
  deps: ReceivingDeps,
  admitAlerts: AdmitAlerts,
  sourceName: string,
  body: Uint8Array,
  idempotencyKey: string | null,
): Promise<Received> {
  const source = deps.policies.intake.sources.get(sourceName);
  if (!source) return { fault: `the source ${sourceName} is not known` };
  const parsed = parse(body);
  if ('fault' in parsed) return parsed;
  const split = splitJson(source.format, parsed.value);
  if ('fault' in split) return split;
  const { items, left } = split;
  const fates: MailFate[] = [];
  for (let start = 0; start < items.length; start += committedAtOnce) {
    const portion = items.slice(start, start + committedAtOnce);
    const mails = portion.map((item, n) =>
      toRawMail(deps, sourceName, item, keyPart(idempotencyKey, start + n)),
    );
    fates.push(...(await admitAlerts(mails)));
  }
  if (left > 0) {
    deps.log.warn(
      { source: sourceName, left },
      'alertmanager left alerts out: take max_alerts out of its webhook',
    );
  }
  return { alerts: fates };
}

/** What distinguishes the alerts of a request that bears an Idempotency-Key; `null` without one. */
function keyPart(idempotencyKey: string | null, index: number): readonly [string, number] | null {
  return idempotencyKey === null ? null : [idempotencyKey, index];
}

function toRawMail(
  { clock, digestOf, newId }: ReceivingDeps,
  sourceName: string,
  { value, identity }: JsonItem,
  part: readonly [string, number] | null,
): RawMail {
  const via = httpVia(sourceName);
  const receivedAt = clock.now();
  const text = JSON.stringify(value);
  const named = part === null ? identity : JSON.stringify([...part, identity ?? text]);
  const name = JSON.stringify([via, named ?? newId()]);
  const key = `${via}:${digestOf(name)}`;
  return { source: encode(text), via, receivedAt, mediaType: 'application/json', key };
}

function parse(body: Uint8Array): { readonly value: unknown } | { readonly fault: string } {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) };
  } catch (error) {
    const detail = error instanceof Error ? error.message.slice(0, 200) : '';
    return { fault: `the body is no JSON in UTF-8: ${detail}` };
  }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
