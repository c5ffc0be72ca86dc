import { z } from 'zod';
import type { ExtractPlace, PatternPlace } from '../domain/policy.ts';
import { field, name, oneOf, pattern, text } from './fields.ts';

const place = field<PatternPlace>({ must: 'subject, body or header:NAME', example: 'body' }, (value) =>
  isPlace(value) ? value : null,
);

const extractPlace = field<ExtractPlace>(
  { must: 'subject, body, header:NAME or announced', example: 'body' },
  (value) => (value === 'announced' || isPlace(value) ? value : null),
);

function isPlace(value: unknown): value is PatternPlace {
  return typeof value === 'string' && /^(subject|body|header:[!-9;-~]+)$/.test(value);
}

const failurePattern = z.strictObject({ type: name('connection'), pattern: pattern("'timed out'") });

/** A format that the site declares (A6). */
const declaredFormat = z.strictObject({
  name: name('our-tool'),
  literals: z.array(z.strictObject({ in: place, text: text('a text', 'FAILED') })).default([]),
  match: z.array(z.strictObject({ in: place, pattern: pattern("'^FAILED'") })),
  each: pattern("'^FAILED'").nullable().default(null),
  only: pattern("'FAILED'").nullable().default(null),
  extract: z.array(z.strictObject({ in: extractPlace, pattern: pattern("'^Device: (?<device>\\S+)'") })),
  failures: z.array(failurePattern).default([]),
  ignore: z
    .array(z.strictObject({ in: place, pattern: pattern("'^All done'"), reason: text('a word', 'summary') }))
    .default([]),
  recovers: z.array(z.strictObject({ in: place, pattern: pattern("'SUCCESS$'") })).default([]),
});

/** Formats in the order in which they are tried: shipped ones by name, declared ones in full. */
export function createFormatsSchema(shippedFormatNames: readonly string[]) {
  const shipped = oneOf(shippedFormatNames, shippedFormatNames[0] ?? 'plain');
  return z.array(z.union([shipped, declaredFormat])).default([...shippedFormatNames]);
}

export const failuresSchema = z.array(failurePattern).default([]);
