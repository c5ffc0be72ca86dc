import { z } from 'zod';
import { channel, readableFile, text, nameMembers } from './fields.ts';
import { logSource, recordDirectory, recordLog } from './schema-logs.ts';
import { createKey, hostFields } from './schema-host.ts';
import { runningFields, splitRunning } from './schema-running.ts';
import { servicingSchema } from './schema-servicing.ts';
import { commandTemplate } from './schema-template.ts';

function absolutePath(example: string) {
  return text('an absolute path on the server', example, /^\/\S*$/);
}

const recorderPath = text(
  'an absolute path on the server, or none',
  '/usr/local/bin/restage-record',
  /^(\/\S*|none)$/,
).transform((path) => (path === 'none' ? null : path));

/** The distribution servers by short name. */
export function createServersSchema(resolvePath: (path: string) => string) {
  const jumpHost = z
    .strictObject(hostFields(resolvePath))
    .transform((fields) => ({ ...fields, name: fields.host }));
  const server = z
    .strictObject({
      ...hostFields(resolvePath),
      ...runningFields,
      runKeyFile: readableFile(resolvePath, 'keys/int-38-run', createKey).nullable().default(null),
      jump: z.array(jumpHost).max(5).default([]),
      logs: z.array(logSource).optional(),
      // The recorder's log alone, as it was written before there were several.
      logDirectory: absolutePath(recordDirectory).default(recordDirectory),
      recorder: recorderPath.default('/usr/local/bin/restage-record'),
      channel: channel('maint-eu').nullable().default(null),
      servicing: servicingSchema,
      allow: z.array(commandTemplate).default([]),
    })
    .transform(({ allow, logs, logDirectory, ...others }) => {
      const { rest, running } = splitRunning(others);
      return { ...rest, logs: logs ?? [recordLog(logDirectory)], allowed: allow, running };
    });
  return z
    .record(z.string(), server)
    .default({})
    .transform(nameMembers)
    .transform(
      (servers) => (siteZone: string) =>
        servers.map(({ name, servicing, ...rest }) => ({
          ...rest,
          name: name.toLowerCase(),
          servicing: servicing?.(siteZone) ?? null,
        })),
    );
}
