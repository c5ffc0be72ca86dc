import type { AlertFields, Recovery } from '../domain/alert.ts';
import type { Inventory } from '../domain/device.ts';
import { findDevice, shortName } from '../domain/device-name.ts';
import { normalizeIdentifier } from '../domain/identifier.ts';
import { cleanText } from './clean-text.ts';
import { type CompiledFailure, classifyFailure } from './failures.ts';
import type { Fields } from './read-fields.ts';
import { type ReadTime, readTime, type TimeContext } from './time/read-time.ts';

/** Host names and addresses only: the name goes to ping and into commands, and comes from outside. */
const deviceName = /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$|^[0-9a-f:]*:[0-9a-f:.]*$/;
const maxAttempt = 1_000_000;

export interface AlertContext extends TimeContext {
  readonly inventory: Inventory;
  readonly failures: readonly CompiledFailure[];
}

/** What was read of an alert or a recovery, and how its time was. */
export interface ReadFields<T> {
  readonly said: T;
  readonly time: ReadTime;
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** Makes the alert out of what the patterns found; `null` if no device can be read. */
export function toAlert(fields: Fields, context: AlertContext): ReadFields<AlertFields> | null {
  const { mail, inventory } = context;
  const device = readDevice(fields.device, inventory);
  if (device === null) return null;
  const recipient = readDevice(fields.recipient, inventory);
  const announced = fields.announced ?? fields.failure ?? cleanText(mail.subject) ?? '';
  const alert = {
    alertId: fields.alertId ?? null,
    region: fields.region ?? inventory.find(device)?.region ?? null,
    device,
    recipient: recipient === device ? null : recipient,
    domain: fields.domain?.toLowerCase() ?? mail.from?.domain ?? null,
    package: fields.package ?? null,
    failure: classifyFailure(fields.failure ?? announced, context.failures),
    announced,
    distributionServer: fields.distributionServer === undefined ? null : shortName(fields.distributionServer),
    job: fields.job ?? null,
    attempt: readAttempt(fields.attempt),
    building: fields.building ?? null,
    room: fields.room ?? null,
    at: context.receivedAt,
    // What each alert gets later has its place, so that a copy with it is made fast.
    occurrence: undefined,
  };
  const time = readTime(fields.at, alert, context);
  // What few alerts have is added to those alone: to spread all fields of each takes longer than to make them.
  const said: Mutable<AlertFields> = alert;
  said.at = time.at;
  if (fields.service !== undefined) said.service = fields.service;
  if (fields.series !== undefined) said.series = fields.series;
  if (fields.address !== undefined) said.address = normalizeIdentifier(fields.address);
  // Neither the alert nor its mail says when.
  if (mail.date === null && time.at === context.receivedAt) said.ownTime = false;
  return { said, time };
}

/** Makes a recovery out of what the patterns found: limited to a failure type only where the mail names one. */
export function toRecovery(fields: Fields, context: AlertContext): ReadFields<Recovery> | null {
  const alert = toAlert(fields, context);
  if (alert === null) return null;
  const { device, package: packageName, job, at, recipient, service, series } = alert.said;
  const failure = fields.failure === undefined ? null : alert.said.failure;
  const named = {
    ...(recipient !== null && { recipient }),
    ...(service != null && { service }),
    ...(series != null && { series }),
  };
  return { said: { device, failure, package: packageName, job, ...named, at }, time: alert.time };
}

/** The inventory's name for it, or the name as written, in lower case. */
function readDevice(written: string | undefined, inventory: Inventory): string | null {
  if (written === undefined) return null;
  const name = written.toLowerCase().replace(/\.$/, '');
  return findDevice(name, inventory)?.name ?? (deviceName.test(name) ? name : null);
}

function readAttempt(written: string | undefined): number {
  const attempt = Number(written);
  return Number.isInteger(attempt) && attempt >= 1 && attempt <= maxAttempt ? attempt : 1;
}
