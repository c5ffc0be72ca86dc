import { join } from 'node:path';
import { z } from 'zod';
import { logLevels, type Config } from './config.ts';
import { duration, oneOf, text, timeZone, wholeNumber } from './fields.ts';
import { onCallSchema, pagingSchema } from './schema-paging.ts';
import { createFormatsSchema, failuresSchema } from './schema-format.ts';
import { healthSchema } from './schema-health.ts';
import { heartbeatSchema } from './schema-heartbeat.ts';
import { createIntakeSchema, validationSchema } from './schema-intake.ts';
import { approvalSchema } from './schema-approval.ts';
import { deliverySchema, diagnosisSchema } from './schema-policy.ts';
import { packagesSchema } from './schema-packages.ts';
import { logWatchSchema } from './schema-log-watch.ts';
import { recoverySchema } from './schema-recovery.ts';
import { reportsSchema } from './schema-report.ts';
import { routingSchema } from './schema-routing.ts';
import { createServersSchema } from './schema-servers.ts';
import { latenessSchema, rootCauseSchema, thresholdsSchema } from './schema-threshold.ts';
import { ticketSchema } from './schema-ticket.ts';
import { sourceZonesSchema } from './schema-zones.ts';
import { createInventorySchema, createOutagesSchema } from './schema-sources.ts';

export interface SchemaContext {
  /** Names of the alert formats that come with the program. */
  readonly shippedFormatNames: readonly string[];
  /** Makes a path in the file absolute. */
  readonly resolvePath: (path: string) => string;
}

/** The whole config file; what comes out is a `Config`, with every default filled in. */
export function createSchema({ shippedFormatNames, resolvePath }: SchemaContext) {
  const path = (example: string) => text('a path', example).transform(resolvePath);
  return z
    .strictObject({
      timeZone: timeZone().default('UTC'),
      sourceZones: sourceZonesSchema,
      database: z
        .strictObject({
          dataDir: path('./data').default(resolvePath('data')),
          keepMail: duration('30d', { min: '1d', max: '3650d' }).default(2_592_000_000),
        })
        .prefault({})
        .transform(({ keepMail, ...database }) => ({ ...database, keepMailMs: keepMail })),
      slack: z
        .strictObject({
          apiUrl: text('an http(s) URL', 'https://slack.com/api/', /^https?:\/\/\S+$/).default(
            'https://slack.com/api/',
          ),
          sockets: wholeNumber({ min: 1, max: 10 }, '2').default(2),
        })
        .prefault({}),
      intake: createIntakeSchema(resolvePath),
      heartbeat: heartbeatSchema,
      health: healthSchema,
      validation: validationSchema,
      formats: createFormatsSchema(shippedFormatNames),
      failures: failuresSchema,
      thresholds: thresholdsSchema,
      lateness: latenessSchema,
      rootCause: rootCauseSchema,
      inventory: createInventorySchema(resolvePath),
      outages: createOutagesSchema(resolvePath),
      diagnosis: diagnosisSchema,
      routing: routingSchema,
      ticket: ticketSchema,
      delivery: deliverySchema,
      onCall: onCallSchema,
      paging: pagingSchema,
      approval: approvalSchema,
      reports: reportsSchema,
      servers: createServersSchema(resolvePath),
      packages: packagesSchema,
      recovery: recoverySchema,
      logWatch: logWatchSchema,
      control: z.strictObject({ socket: path('./data/control.sock').nullable().default(null) }).prefault({}),
      log: z.strictObject({ level: oneOf(logLevels, 'info').default('info') }).prefault({}),
    })
    .transform(
      ({ onCall, paging, approval, routing, reports, servers, lateness, ...parsed }): Config => ({
        ...parsed,
        latenessMs: lateness,
        routing: routing(parsed.timeZone),
        reports: reports(parsed.timeZone),
        approval: approval(parsed.timeZone),
        paging: { schedules: onCall(parsed.timeZone), ...paging(parsed.timeZone) },
        servers: servers(parsed.timeZone),
        control: { socket: parsed.control.socket ?? join(parsed.database.dataDir, 'control.sock') },
      }),
    );
}
