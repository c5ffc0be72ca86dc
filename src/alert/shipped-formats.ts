import type { AlertFormat } from '../domain/policy.ts';
import { ansibleMailFormat } from './shipped/ansible-mail.ts';
import { ansibleOutputFormat } from './shipped/ansible-output.ts';
import { cronClushFormat, cronFormat, cronLoopFormat } from './shipped/cron.ts';
import { ftpsyncFormat } from './shipped/ftpsync.ts';
import { nagiosFormat } from './shipped/nagios.ts';
import { apticronFormat, logwatchFormat, mdadmFormat } from './shipped/no-distribution.ts';
import { plainFormat } from './shipped/plain.ts';
import { chronicFormat, mailxFormat } from './shipped/tool-output.ts';
import { unattendedUpgradesFormat } from './shipped/unattended-upgrades.ts';

export { plainFormat };

/** In the order in which they are tried: the most telling signs first. */
const inOrder: readonly AlertFormat[] = [
  plainFormat,
  ansibleMailFormat,
  ansibleOutputFormat,
  ftpsyncFormat,
  cronClushFormat,
  cronLoopFormat,
  cronFormat,
  nagiosFormat,
  unattendedUpgradesFormat,
  apticronFormat,
  logwatchFormat,
  mdadmFormat,
  chronicFormat,
  mailxFormat,
];

/** The formats that come with the product (A6), by name. */
export const shippedFormats: Readonly<Record<string, AlertFormat>> = Object.fromEntries(
  inOrder.map((format) => [format.name, format]),
);
