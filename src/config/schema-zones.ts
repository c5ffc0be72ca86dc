import { z } from 'zod';
import { mailDomain, text, timeZone } from './fields.ts';

/** Zones of sources whose times state none (A6); an entry that names no source is an error of `checkSourceZones`. */
export const sourceZonesSchema = z
  .array(
    z.strictObject({
      domain: mailDomain('us.example.net').nullable().default(null),
      region: text('a region', 'us').nullable().default(null),
      server: text("a server's short name", 'int-33').nullable().default(null),
      timeZone: timeZone(),
    }),
  )
  .default([]);
