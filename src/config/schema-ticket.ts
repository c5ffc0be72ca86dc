import { z } from 'zod';
import {
  placeholders,
  ticketFields,
  type MailPolicy,
  type TicketField,
  type TicketPolicy,
} from '../domain/ticket-policy.ts';
import { duration, field, host, oneOf, text, wholeNumber } from './fields.ts';

/** What each part is called where the site gives it no name of its own. */
const labels: Readonly<Record<TicketField, string>> = {
  device: 'Device',
  failure: 'Failure',
  alerts: 'Alerts',
  times: 'First – last',
  packages: 'Package',
  jobs: 'Job',
  servers: 'Distribution server',
  location: 'Location',
  region: 'Region',
  queue: 'Queue',
  actionTaken: 'Action taken',
  diagnosis: 'Diagnosis',
};

const defaultFields: readonly TicketField[] = [
  'failure',
  'alerts',
  'times',
  'packages',
  'jobs',
  'servers',
  'location',
  'actionTaken',
];

/** Text of the site's own, with `{device}` and the like in it. */
function template(example: string) {
  const must = `a text whose placeholders are among ${placeholders.map((name) => `{${name}}`).join(', ')}`;
  return field({ must, example }, (value) =>
    typeof value === 'string' && value.trim() !== '' && unknownPlaceholders(value).length === 0
      ? value.trim()
      : null,
  );
}

function unknownPlaceholders(written: string): readonly string[] {
  const used = [...written.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);
  return used.filter((name) => !placeholders.some((known) => known === name));
}

const fieldName = oneOf(ticketFields, 'device');
const shownField = z
  .union([
    fieldName.transform((name) => ({ field: name, label: labels[name] })),
    z.strictObject({ field: fieldName, label: text('a label', 'Appliance') }),
  ])
  .transform(({ field: name, label }) => ({ field: name, label: label.slice(0, 60) }));

const mailAddress = text(
  'a mail address, or a name with it in <>',
  'maint@example.net',
  /^[^\r\n,]*@[^\r\n,]+$/,
);

const email = z
  .strictObject({
    relay: z.strictObject({
      host: host('mail.example.net'),
      port: wholeNumber({ min: 1, max: 65_535 }, '25').default(25),
    }),
    from: mailAddress,
    to: z.union([mailAddress.transform((one) => [one]), z.array(mailAddress).min(1)]),
  })
  .transform((policy): MailPolicy => policy);

/** A section, or `off`. */
function switchable<Schema extends z.ZodType>(section: Schema) {
  return z.union([z.literal('off').transform(() => null), section]);
}

export const ticketSchema = z
  .strictObject({
    title: template("'{device}: {failure}'").default('{summary}'),
    text: template("'Runbook: https://wiki.example.net/{device}'").nullable().default(null),
    fields: z.array(shownField).default(defaultFields.map((name) => ({ field: name, label: labels[name] }))),
    autoResolve: switchable(z.strictObject({ quiet: duration('2h', { min: '1m' }) })).default({
      quiet: 7_200_000,
    }),
    closeQuietAfter: switchable(duration('14d', { min: '1h' })).default(null),
    reopenFor: duration('1d').default(86_400_000),
    tellEvery: duration('1m', { max: '1d' }).default(60_000),
    combine: switchable(z.strictObject({ within: duration('1h', { min: '1s' }) })).default({
      within: 3_600_000,
    }),
    email: email.nullable().default(null),
  })
  .prefault({})
  .transform(
    ({
      title,
      text: ownText,
      fields,
      autoResolve,
      closeQuietAfter,
      reopenFor,
      tellEvery,
      combine,
      email: mail,
    }): TicketPolicy => ({
      template: { title, text: ownText, fields },
      autoResolveAfterMs: autoResolve === null ? null : autoResolve.quiet,
      closeQuietAfterMs: closeQuietAfter,
      reopenForMs: reopenFor,
      tellEveryMs: tellEvery,
      combineWithinMs: combine === null ? null : combine.within,
      email: mail,
    }),
  );
