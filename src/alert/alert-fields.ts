import type { AlertFields, Recovery } from '../domain/alert.ts';
import type { Inventory } from '../domain/device.ts';
import { findDevice, shortName } from '../domain/device-name.ts';
import { normalizeIdentifier } from '../domain/identifier.ts';
import type { Mail } from '../domain/mail.ts';
import { cleanText } from './clean-text.ts';
import { type CompiledFailure, classifyFailure } from './failures.ts';
import type { Fields } from './read-fields.ts';
import { readTime } from './time.ts';

/** Host names and addresses only: the name goes to ping and into commands, and comes from outside. */
const deviceName = /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$|^[0-9a-f:]*:[0-9a-f:.]*$/;
const maxAttempt = 1_000_000;

export interface AlertContext {
  readonly mail: Mail;
  readonly receivedAt: Date;
  readonly inventory: Inventory;
  readonly failures: readonly CompiledFailure[];
}

/** Makes the alert out of what the patterns found; null when no device can be read. */
export function toAlert(fields: Fields, context: AlertContext): AlertFields | null {
  const { mail, inventory, receivedAt } = context;
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
    at: readTime(fields.at) ?? mail.date ?? receivedAt,
  };
  return fields.address === undefined ? alert : { ...alert, address: normalizeIdentifier(fields.address) };
}

/** Makes a recovery out of what the patterns found: limited to a failure type only where the mail names one. */
export function toRecovery(fields: Fields, context: AlertContext): Recovery | null {
  const alert = toAlert(fields, context);
  if (alert === null) return null;
  const { device, package: packageName, job, at } = alert;
  const failure = fields.failure === undefined ? null : alert.failure;
  return { device, failure, package: packageName, job, at };
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
