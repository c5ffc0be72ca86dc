import { RE2JS } from 're2js';
import { z } from 'zod';
import { field } from './fields.ts';

const rule = {
  must: 'a regular expression in RE2 syntax with a group (?<version>…)',
  example: "'^.+-(?<version>[0-9.]+)$'",
};

const versionPattern = field(rule, (value) =>
  typeof value === 'string' && namesVersion(value) ? value : null,
);

function namesVersion(source: string): boolean {
  try {
    return 'version' in RE2JS.compile(source).namedGroups();
  } catch {
    return false;
  }
}

/** How package names state versions. */
export const packagesSchema = z
  .strictObject({ patterns: z.array(versionPattern).nullable().default(null) })
  .prefault({});
