import type { JsonFormat } from '../../domain/http-source.ts';
import { type JsonObject, isObject, textOf } from './json-object.ts';

/** One alert of a request, as it is kept. */
export interface JsonItem {
  readonly value: JsonObject;
  /**
   * What stays the same when the sender tells of this alert again; null when nothing in it does, so that two equal
   * alerts are two.
   */
  readonly identity: string | null;
}

/** The request's alerts, or what is wrong with it, for its sender. */
export type SplitRequest =
  | {
      readonly items: readonly JsonItem[];
      /** How many more there were that the sender has left out. */
      readonly left: number;
    }
  | { readonly fault: string };

/** A sender of its own making is to split more alerts. Alertmanager can't: what it is refused it gives up for good. */
const maxPlainAlerts = 1_000;

/**
 * Takes a request's body apart into single alerts (A1), so that each is kept, counted once and accounted for by
 * itself, however its sender groups them.
 */
export function splitJson(format: JsonFormat, body: unknown): SplitRequest {
  return format === 'alertmanager' ? splitWebhook(body) : splitPlain(body);
}

/** An object is one alert; an array, or `{ alerts: [] }`, are several. */
function splitPlain(body: unknown): SplitRequest {
  const list: unknown = isObject(body) && Object.hasOwn(body, 'alerts') ? body['alerts'] : body;
  const values: readonly unknown[] = Array.isArray(list) ? list : [list];
  if (!values.every(isObject))
    return { fault: 'an alert is an object such as {"device": "int-38", "failure": "connection timed out"}' };
  if (values.length > maxPlainAlerts)
    return { fault: `${values.length} alerts at once; send at most ${maxPlainAlerts}` };
  return { items: values.map((value) => ({ value, identity: plainIdentity(value) })), left: 0 };
}

/** An alert that says when it happened, or bears an id, is the same one when it comes again word for word. */
function plainIdentity(value: JsonObject): string | null {
  const names = ['at', 'alertId', 'id'];
  return names.some((name) => textOf(value, name) !== undefined) ? JSON.stringify(value) : null;
}

/**
 * Alertmanager sends a group again and again (`repeat_interval`, or when one alert joins it). One firing of an alert is
 * its fingerprint and its start: that counts once, and so does its end.
 */
function splitWebhook(body: unknown): SplitRequest {
  if (!isObject(body) || !Array.isArray(body['alerts']))
    return { fault: 'this is not Alertmanager\'s webhook payload: it has no array "alerts"' };
  const alerts: readonly unknown[] = body['alerts'];
  if (!alerts.every(isObject)) return { fault: 'each of "alerts" must be an object' };
  const left = Number(textOf(body, 'truncatedAlerts') ?? 0) || 0;
  return { items: alerts.map((alert) => ({ value: alert, identity: firingIdentity(alert) })), left };
}

function firingIdentity(alert: JsonObject): string {
  const isOver = textOf(alert, 'status') === 'resolved';
  const startsAt = textOf(alert, 'startsAt') ?? null;
  return JSON.stringify([fingerprintOf(alert), startsAt, isOver ? 'resolved' : 'firing']);
}

/** Returns Alertmanager's name of an alert, which all its firings share; versions before 0.18 state only the labels. */
export function fingerprintOf(alert: JsonObject): string {
  const labels = isObject(alert['labels']) ? alert['labels'] : {};
  const sorted = Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return textOf(alert, 'fingerprint') ?? JSON.stringify(sorted);
}
