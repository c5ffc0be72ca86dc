import { join } from 'node:path';
import { z } from 'zod';
import { logLevels, type Config } from './config.ts';
import { oneOf, readableFile, text, timeZone, wholeNumber } from './fields.ts';
import { createFormatsSchema, failuresSchema } from './schema-format.ts';
import { createIntakeSchema, validationSchema } from './schema-intake.ts';
import {
  approvalSchema,
  deliverySchema,
  diagnosisSchema,
  routingSchema,
  thresholdsSchema,
} from './schema-policy.ts';
import { createServersSchema } from './schema-servers.ts';

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
      database: z.strictObject({ dataDir: path('./data').default(resolvePath('data')) }).prefault({}),
      slack: z
        .strictObject({
          apiUrl: text('an http(s) URL', 'https://slack.com/api/', /^https?:\/\/\S+$/).default(
            'https://slack.com/api/',
          ),
          sockets: wholeNumber({ min: 1, max: 10 }, '2').default(2),
        })
        .prefault({}),
      intake: createIntakeSchema(resolvePath),
      validation: validationSchema,
      formats: createFormatsSchema(shippedFormatNames),
      failures: failuresSchema,
      thresholds: thresholdsSchema,
      inventory: z
        .strictObject({ csv: readableFile(resolvePath, 'inventory.csv').nullable().default(null) })
        .prefault({}),
      diagnosis: diagnosisSchema,
      routing: routingSchema,
      delivery: deliverySchema,
      approval: approvalSchema,
      servers: createServersSchema(resolvePath),
      control: z.strictObject({ socket: path('./data/control.sock').nullable().default(null) }).prefault({}),
      log: z.strictObject({ level: oneOf(logLevels, 'info').default('info') }).prefault({}),
    })
    .transform(
      (parsed): Config => ({
        ...parsed,
        servers: parsed.servers.map((server) => ({
          ...server,
          name: server.name.toLowerCase(),
          timeZone: server.timeZone ?? parsed.timeZone,
        })),
        control: { socket: parsed.control.socket ?? join(parsed.database.dataDir, 'control.sock') },
      }),
    );
}
