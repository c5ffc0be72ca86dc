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
    ...(fields.service !== undefined && { service: fields.service }),
    ...(fields.series !== undefined && { series: fields.series }),
  };
  const time = readTime(fields.at, alert, context);
  const address = fields.address === undefined ? {} : { address: normalizeIdentifier(fields.address) };
  // Neither the alert nor its mail says when.
  const untimed = mail.date === null && time.at === context.receivedAt ? { ownTime: false } : {};
  return { said: { ...alert, at: time.at, ...untimed, ...address }, time };
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
