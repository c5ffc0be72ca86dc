import { splitJson } from '../../alert/json/split-json.ts';
import { httpVia } from '../../domain/http-source.ts';
import type { Door } from '../../domain/intake.ts';
import type { RawMail } from '../../domain/mail.ts';
import type { Deps } from '../deps.ts';

/** What became of a request; see the HTTP intake. */
type Received = { readonly received: number } | { readonly fault: string };

/** So many are committed together; only Alertmanager sends more, and what it sends again counts once. */
const committedAtOnce = 1_000;

/**
 * Takes a request of a source (A1) apart into single alerts and brings them to the door, all or none (of Alertmanager's
 * largest groups a thousand after the other).
 *
 * An alert that comes again is the same one, and changes nothing: for Alertmanager by fingerprint, start and status,
 * however often it notifies of the group; else by its words, where the request bears an Idempotency-Key, or the alert
 * says its time or its id. Without any of these two equal alerts are two failures, and both count.
 */
export async function receiveJson(
  deps: Pick<Deps, 'clock' | 'keyOf' | 'log' | 'newId' | 'policies'>,
  door: Door,
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
  const via = httpVia(sourceName);
  const receivedAt = deps.clock.now();
  const mails = split.items.map(({ value, identity }, index): RawMail => {
    const text = JSON.stringify(value);
    const named =
      idempotencyKey === null ? identity : JSON.stringify([idempotencyKey, index, identity ?? text]);
    const name = JSON.stringify([via, named ?? deps.newId()]);
    const key = `${via}:${deps.keyOf({ source: encode(name), via, receivedAt })}`;
    return { source: encode(text), via, receivedAt, mediaType: 'application/json', key };
  });
  for (let start = 0; start < mails.length; start += committedAtOnce) {
    await door.admit(mails.slice(start, start + committedAtOnce), null);
  }
  if (split.left > 0) {
    deps.log.warn(
      { source: sourceName, left: split.left },
      'alertmanager left alerts out: take max_alerts out of its webhook',
    );
  }
  return { received: mails.length };
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
